using Forecast.Backtest.Report.Charts;
using Forecast.Backtest.Report.Statistics;

namespace Forecast.Backtest.Report;

/// <summary>How a model stands against the baseline over a set of series.</summary>
/// <param name="Model">The model.</param>
/// <param name="Skill">1 - geometric mean over series of (its loss / the baseline's loss); NaN when no fold is common.</param>
/// <param name="Low">Lower end of the 95 % block-bootstrap interval; NaN = too few folds.</param>
/// <param name="High">Upper end.</param>
/// <param name="Folds">Common folds, summed over series.</param>
public sealed record Standing(ModelStyle Model, double Skill, double Low, double High, int Folds)
{
    public bool HasInterval => double.IsFinite(Low) && double.IsFinite(High);

    /// <summary>True when the interval lies clear of zero.</summary>
    public bool IsClear => HasInterval && (Low > 0 || High < 0);

    public static Standing Of(ReportContext context, ModelStyle model, IEnumerable<string> series)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(model);
        var pairs = series.Select(s => context.AgainstBaseline(model.Name, s)).Where(p => p.Count > 0).ToArray();
        if (pairs.Length == 0) return new(model, double.NaN, double.NaN, double.NaN, 0);
        var skill = 1 - Math.Exp(pairs.Average(p => Math.Log(1 - p.Skill)));
        var (low, high) = BlockBootstrap.SkillInterval([.. pairs.Select(p => (p.First, p.Second))], context.Result.Lineage.Seed);
        return new(model, skill, low, high, pairs.Sum(p => p.Count));
    }
}
