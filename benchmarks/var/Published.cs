using System.Globalization;

namespace Forecast.VarExperiment;

/// <summary>What the paper's own VaR of a cell came to.</summary>
/// <param name="Exceedances">Days with a loss above it.</param>
/// <param name="Tick">Mean tick loss.</param>
internal sealed record Published(int Exceedances, double Tick)
{
    /// <summary>The paper's name of a model, or null where it has none.</summary>
    public static string? Column(string model) => model.Split('@')[0] switch
    {
        "historical-simulation(251)" => "hs",
        "cmm(251)" => "cmm",
        "garch(1,1){dist: ged, mean: zero}" => "garch",
        "lstm-mdn(2)" => "mdn2",
        "lstm-mdn(2){regularise: 0.1}" => "mdn2_reg",
        "lstm-mdn(3)" => "mdn3",
        _ => null,
    };

    /// <summary>From <c>var99_INDEX_YEARS.csv</c> beside the closes; null where there is none.</summary>
    public static Published? Read(string folder, Cell cell, string column, double alpha)
    {
        var file = Path.Combine(folder, $"var99_{cell.Name.Replace(' ', '_').Replace('-', '_')}.csv");
        if (!File.Exists(file)) return null;
        string[][] lines = [.. File.ReadLines(file).Select(l => l.Split(','))];
        var (loss, risk) = (Array.IndexOf(lines[0], "loss"), Array.IndexOf(lines[0], $"var_{column}"));
        (double Loss, double Risk)[] days = [.. lines.Skip(1).Select(l => (double.Parse(l[loss], CultureInfo.InvariantCulture), double.Parse(l[risk], CultureInfo.InvariantCulture)))];
        return new(days.Count(d => d.Loss > d.Risk), days.Average(d => (alpha - (d.Loss > d.Risk ? 1 : 0)) * (d.Risk - d.Loss)));
    }
}
