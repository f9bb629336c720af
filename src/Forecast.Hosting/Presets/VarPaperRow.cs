using System.Globalization;
using Forecast.Backtest.Results;
using Forecast.Core.Time;

namespace Forecast.Hosting.Presets;

/// <summary>What came of one model in one cell, beside what was published.</summary>
/// <param name="Index">Index.</param>
/// <param name="Period">Years.</param>
/// <param name="Model">Model string.</param>
/// <param name="Days">Days forecast.</param>
/// <param name="Exceedances">Days whose loss was above the VaR.</param>
/// <param name="TickLoss">Mean quantile loss, as a fraction.</param>
/// <param name="PublishedExceedances">The paper's, where its file is there.</param>
/// <param name="PublishedTickLoss">The paper's mean quantile loss.</param>
/// <param name="WithinHalfPercent">Share of days on which VaR is within 0.5 % of the published one; for models that draw no random numbers.</param>
/// <param name="LargestDifference">Largest |VaR / published - 1|; likewise.</param>
public sealed record VarPaperRow(
    string Index, string Period, string Model, int Days, int Exceedances, double TickLoss, int? PublishedExceedances, double? PublishedTickLoss, double? WithinHalfPercent, double? LargestDifference)
{
    /// <summary>Reads a cell's results, and the published VaR where the folder has it.</summary>
    public static IReadOnlyList<VarPaperRow> Of(BacktestResult result, VarCell cell, string folder)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(cell);
        var frequency = Frequency.Parse(result.Series[0].Frequency);
        List<VarPaperRow> rows = [];
        foreach (var model in result.Spec.Models)
        {
            (string Day, double Return, double Risk)[] days =
                [.. result.Predictions.Where(p => string.Equals(p.Model, model, StringComparison.Ordinal)).Select(p => (frequency.Format(p.ObservedAt), p.Actual, -p.Quantiles[0]))];
            if (days.Length == 0) continue;
            var published = Published(folder, cell, VarPaper.Daily.GetValueOrDefault(model) ?? VarPaper.Once.GetValueOrDefault(model) ?? "");
            (string Day, double Return, double Risk)[]? theirs = published is null ? null : [.. days.Where(d => published.ContainsKey(d.Day)).Select(d => (d.Day, d.Return, published[d.Day]))];
            double[]? off = theirs is null || !VarPaper.Daily.ContainsKey(model) ? null : [.. days.Where(d => published!.ContainsKey(d.Day)).Select(d => Math.Abs((d.Risk / published![d.Day]) - 1))];
            rows.Add(new VarPaperRow(
                cell.Index, cell.Period, model, days.Length, Count(days), Tick(days), theirs is null ? null : Count(theirs), theirs is null ? null : Tick(theirs), off?.Average(o => o <= 0.005 ? 1.0 : 0), off?.Max()));
        }

        return rows;
    }

    private static int Count((string Day, double Return, double Risk)[] days) => days.Count(d => d.Return < -d.Risk);

    private static double Tick((string Day, double Return, double Risk)[] days) => days.Average(d => (VarPaper.Alpha - (d.Return < -d.Risk ? 1 : 0)) * (d.Return + d.Risk));

    /// <summary>Published VaR by day, or null.</summary>
    private static Dictionary<string, double>? Published(string folder, VarCell cell, string column)
    {
        var file = Path.Combine(folder, $"var99_{cell.Index}_{cell.Period}.csv");
        if (column.Length == 0 || !File.Exists(file)) return null;
        var lines = File.ReadAllLines(file);
        var at = Array.IndexOf(lines[0].Split(','), $"var_{column}");
        return at < 0 ? null : lines.Skip(1).Select(l => l.Split(',')).ToDictionary(f => f[0], f => double.Parse(f[at], CultureInfo.InvariantCulture), StringComparer.Ordinal);
    }
}
