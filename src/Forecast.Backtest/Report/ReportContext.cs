using Forecast.Backtest.Report.Charts;
using Forecast.Backtest.Results;
using Forecast.Backtest.Risk;
using Forecast.Core.Time;
using NodaTime;

namespace Forecast.Backtest.Report;

/// <summary>A result with what several elements need worked out once: forecasts by model and series, styles, the score, levels.</summary>
public sealed class ReportContext
{
    private readonly Dictionary<(string Model, string Series), ForecastGroup> _groups;
    private readonly Dictionary<(string Model, string Series, string Name), MetricValue> _metrics;
    private readonly Dictionary<string, Frequency> _frequencies = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<Comparison>> _comparisons = new(StringComparer.Ordinal);

    public ReportContext(RunFindings findings, ReportOptions options)
    {
        ArgumentNullException.ThrowIfNull(findings);
        ArgumentNullException.ThrowIfNull(options);
        var result = findings.Result;
        Findings = findings;
        Options = options;
        Models = [.. result.Spec.Models.Select((name, i) => new ModelStyle(name, i))];
        _groups = result.Predictions.GroupBy(r => (r.Model, r.Series)).ToDictionary(g => g.Key, g => new ForecastGroup([.. g]));
        _metrics = result.Metrics.GroupBy(m => (m.Model, m.Series, m.Name)).ToDictionary(g => g.Key, g => g.First());
        Score = Score.For(result);
        Steps = [.. result.Predictions.Select(r => r.H).Distinct().Order()];
        Intervals = FindIntervals(result.Spec.Levels);
        Details = ChooseDetails();
    }

    /// <summary>What takes time to work out, kept for whoever else asks.</summary>
    public RunFindings Findings { get; }

    public BacktestResult Result => Findings.Result;

    public ReportOptions Options { get; }

    /// <summary>Models in the order of the run; the first is the baseline.</summary>
    public IReadOnlyList<ModelStyle> Models { get; }

    public ModelStyle Baseline => Models[0];

    /// <summary>The loss that ranks and tests.</summary>
    public Score Score { get; }

    /// <summary>Steps that were forecast, ascending.</summary>
    public IReadOnlyList<int> Steps { get; }

    /// <summary>First, middle and last step: pooled steps depend on each other, so that each is judged alone.</summary>
    public IReadOnlyList<int> ShownSteps => Steps.Count <= 3 ? Steps : [Steps[0], Steps[(Steps.Count - 1) / 2], Steps[^1]];

    public bool IsMultiStep => Steps.Count > 1;

    /// <summary>Central intervals of the run's levels, widest first.</summary>
    public IReadOnlyList<CentralInterval> Intervals { get; }

    /// <summary>Series with charts of their own: all when they are few, else the best, the middling and the worst by skill.</summary>
    public IReadOnlyList<SeriesInfo> Details { get; }

    public string? DetailNote => Details.Count == Result.Series.Count
        ? null
        : $"Charts are drawn for {Details.Count} of {Result.Series.Count} series: those where the models gained most, least and in between against the baseline.";

    public ForecastGroup Group(string model, string series) => _groups.GetValueOrDefault((model, series), ForecastGroup.Empty);

    public MetricValue? Metric(string model, string series, string name) => _metrics.GetValueOrDefault((model, series, name));

    /// <summary>Place of a level in the run's list, or -1.</summary>
    public int LevelIndex(double level)
    {
        for (var i = 0; i < Result.Spec.Levels.Count; i++)
        {
            if (Math.Abs(Result.Spec.Levels[i] - level) < 1e-9) return i;
        }

        return -1;
    }

    /// <summary>Risk tests of the series that tables show, at each of the run's tails.</summary>
    public IReadOnlyList<RunRisk> Risk => Findings.Risk(Options.TableSeries);

    /// <summary>Losses of a model against the baseline on one series.</summary>
    public PairedLosses AgainstBaseline(string model, string series) => PairedLosses.Of(Group(model, series), Group(Baseline.Name, series), Score.Of);

    /// <summary>Each later model against the baseline on one series, tested.</summary>
    public IReadOnlyList<Comparison> BaselineComparisons(string series)
    {
        if (!_comparisons.TryGetValue(series, out var found)) _comparisons[series] = found = Significance.AgainstBaseline(this, series);
        return found;
    }

    public Frequency FrequencyOf(SeriesInfo series)
    {
        ArgumentNullException.ThrowIfNull(series);
        if (!_frequencies.TryGetValue(series.Frequency, out var frequency)) _frequencies[series.Frequency] = frequency = Frequency.Parse(series.Frequency);
        return frequency;
    }

    /// <summary>An instant as people read it: a row number, a date, or a date with a clock time in UTC.</summary>
    public string When(Instant instant, SeriesInfo series)
    {
        var frequency = FrequencyOf(series);
        return frequency.IsIndex ? $"row {frequency.Format(instant)}" : frequency.IsIntraday || HasClock(instant) ? $"{instant.InUtc():uuuu-MM-dd HH:mm} UTC" : frequency.Format(instant);
    }

    /// <summary>Place on the x axis: a row number, or milliseconds of the epoch.</summary>
    public double Place(Instant instant, SeriesInfo series) => FrequencyOf(series).IsIndex ? instant.ToUnixTimeSeconds() : instant.ToUnixTimeMilliseconds();

    /// <summary>The time axis of a series.</summary>
    public ChartAxis TimeAxis(SeriesInfo series)
    {
        var frequency = FrequencyOf(series);
        return frequency.IsIndex
            ? new ChartAxis { Kind = "number", Name = "row", Format = "integer" }
            : new ChartAxis { Kind = "time", Name = "Date, UTC", Clock = frequency.IsIntraday || series.Times.Any(HasClock) };
    }

    public static string UnitOf(SeriesInfo series) => string.IsNullOrEmpty(series?.Unit) ? "value" : series.Unit;

    private static bool HasClock(Instant instant) => instant.ToUnixTimeTicks() % NodaConstants.TicksPerDay != 0;

    private static List<CentralInterval> FindIntervals(IReadOnlyList<double> levels)
    {
        var found = new List<CentralInterval>();
        for (var low = 0; low < levels.Count && levels[low] < 0.5; low++)
        {
            for (var high = levels.Count - 1; high > low; high--)
            {
                if (Math.Abs(levels[low] + levels[high] - 1) < 1e-9) found.Add(new(Math.Round(levels[high] - levels[low], 9), low, high));
            }
        }

        return found;
    }

    private IReadOnlyList<SeriesInfo> ChooseDetails()
    {
        var limit = Options.DetailSeries;
        if (Result.Series.Count <= limit || Models.Count == 0) return Result.Series;
        var ranked = Result.Series
            .Select(s => (Series: s, Skill: Models.Skip(1).Select(m => AgainstBaseline(m.Name, s.Id).Skill).Where(double.IsFinite).DefaultIfEmpty(0).Max()))
            .OrderByDescending(p => p.Skill).ThenBy(p => p.Series.Id, StringComparer.Ordinal).Select(p => p.Series).ToArray();
        var places = Enumerable.Range(0, limit).Select(i => limit == 1 ? 0 : (int)Math.Round((double)i * (ranked.Length - 1) / (limit - 1))).Distinct();
        return [.. places.Select(i => ranked[i])];
    }
}

/// <summary>A central interval that the run's levels hold.</summary>
/// <param name="Nominal">Share of outcomes that should fall inside.</param>
/// <param name="Low">Place of the lower level.</param>
/// <param name="High">Place of the upper level.</param>
public readonly record struct CentralInterval(double Nominal, int Low, int High);
