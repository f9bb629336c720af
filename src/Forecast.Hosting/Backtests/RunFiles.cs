using System.Globalization;
using System.Text;
using Forecast.Backtest.Report;
using Forecast.Backtest.Results;
using Forecast.Core.Time;

namespace Forecast.Hosting.Backtests;

/// <summary>The files of a finished run.</summary>
/// <param name="Predictions">CSV: model, series, cutoff, timestamp, h, actual, mean, a column a level, observed_at, crps, pit, and <c>es@TAIL</c> for each risk tail.</param>
/// <param name="Report">The single-file HTML report.</param>
public sealed record RunFiles(string Predictions, string Report)
{
    /// <summary>Writes both files; the report goes to <paramref name="report"/> or into the run's folder.</summary>
    public static async Task<RunFiles> WriteAsync(RunFindings findings, string? report, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(findings);
        var result = findings.Result;
        var folder = ForecastHome.RunFolder(result.Lineage.RunId);
        Directory.CreateDirectory(folder);
        var files = new RunFiles(Path.GetFullPath(Path.Combine(folder, "predictions.csv")), Path.GetFullPath(report ?? Path.Combine(folder, "report.html")));
        if (Path.GetDirectoryName(files.Report) is { } parent) Directory.CreateDirectory(parent);
        await File.WriteAllTextAsync(files.Predictions, Csv(result), cancellation);
        await using var stream = File.Create(files.Report);
        await using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        ReportWriter.Write(findings, writer);
        return files;
    }

    private static string Csv(BacktestResult result)
    {
        var frequency = Frequency.Parse(result.Series[0].Frequency);
        var csv = new StringBuilder("model,series,cutoff,timestamp,h,actual,mean");
        foreach (var level in result.Spec.Levels) csv.Append(CultureInfo.InvariantCulture, $",{level:R}");
        csv.Append(",observed_at,crps,pit");
        foreach (var tail in result.Spec.Risk ?? []) csv.Append(CultureInfo.InvariantCulture, $",es@{tail:R}");
        csv.Append('\n');
        foreach (var row in result.Predictions)
        {
            csv.Append(Quote(row.Model)).Append(',').Append(Quote(row.Series)).Append(',')
                .Append(frequency.Format(row.Cutoff)).Append(',').Append(frequency.Format(row.Timestamp)).Append(',').Append(row.H).Append(',')
                .Append(Number(row.Actual)).Append(',').Append(Number(row.Mean));
            foreach (var quantile in row.Quantiles) csv.Append(',').Append(Number(quantile));
            csv.Append(',').Append(frequency.Format(row.ObservedAt)).Append(',').Append(Number(row.Crps)).Append(',').Append(Number(row.Pit));
            foreach (var shortfall in row.Shortfalls) csv.Append(',').Append(Number(shortfall));
            csv.Append('\n');
        }

        return csv.ToString();
    }

    /// <summary>The shortest text that reads back as the same double; empty = missing.</summary>
    private static string Number(double value) => double.IsNaN(value) ? "" : value.ToString("R", CultureInfo.InvariantCulture);

    private static string Quote(string text) =>
        text.AsSpan().IndexOfAny(",\"\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
