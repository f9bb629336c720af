namespace Forecast.Backtest.Report.Charts;

/// <summary>How a model looks in every chart and table: fixed by its place in the run.</summary>
/// <param name="Name">Model string.</param>
/// <param name="Position">Place in the run, from 0; 0 is the baseline.</param>
public sealed record ModelStyle(string Name, int Position)
{
    private static readonly string[] Symbols = ["circle", "square", "triangle", "diamond", "ring", "down"];

    public bool IsBaseline => Position == 0;

    /// <summary>The baseline is grey; the others take the six hues in turn.</summary>
    public string Color => IsBaseline ? "muted" : $"model-{((Position - 1) % 6) + 1}";

    /// <summary>Hues that come round again are dashed; the baseline always is.</summary>
    public string? Dash => IsBaseline || Position > 6 ? "dashed" : null;

    public string Symbol => Symbols[Position % Symbols.Length];
}
