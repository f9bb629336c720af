using Forecast.Cli.Output;
using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using Spectre.Console;

namespace Forecast.Cli.Commands;

/// <summary>A series that did not work, beside those that did.</summary>
internal sealed record Failure(string Series, string Code, string Message);

internal static class Failures
{
    /// <summary>Series of the history that the model could not be fitted on, each with its own error.</summary>
    public static IReadOnlyList<Failure> Of(IFittedForecaster fitted, PanelView history) =>
        fitted.Summaries.Count == history.Series.Count ? [] : Of(fitted.Predict(KnownFuture.None, 1, 1).Failures);

    public static IReadOnlyList<Failure> Of(IReadOnlyDictionary<string, ForecastException> failures) =>
        [.. failures.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => new Failure(f.Key, f.Value.Code, f.Value.Message))];

    public static void Print(IReadOnlyList<Failure> failures)
    {
        foreach (var failure in failures) Terminal.Error.MarkupLineInterpolated($"[red]failed:[/] {failure.Message}");
    }
}
