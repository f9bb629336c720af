using System.Globalization;
using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using Forecast.Core.Numerics;

namespace Forecast.Backtest.Wrappers.Ensemble;

/// <summary>What an ensemble learned of one series.</summary>
/// <param name="Values">One weight a member, of sum 1; null = the median needs none.</param>
/// <param name="Errors">Mean squared error of each member in the inner walk-forward; null where there was none.</param>
/// <param name="Points">Steps of the inner folds that came true.</param>
internal sealed record SeriesWeights(double[]? Values, double[]? Errors, int Points);

/// <summary>
/// Several forecasters as one. Each is fitted on the whole history; weights, where there are any to estimate, come from walking each
/// forward inside that history. A member that fails on a series fails the ensemble there: nobody steps in under its name.
/// </summary>
/// <param name="members">The members, at least one.</param>
/// <param name="options">How they are combined.</param>
/// <param name="name">Model string of the whole.</param>
public sealed class EnsembleForecaster(IReadOnlyList<IForecaster> members, EnsembleOptions options, string name) : IForecaster
{
    public string Name => name;

    public FitScope Scope { get; } = Nested.Scope(members);

    public PretrainingExposure Exposure { get; } = Nested.Exposure(members);

    public bool ReadsNotes { get; } = members.Any(m => m.ReadsNotes);

    internal IReadOnlyList<IForecaster> Members => members;

    internal EnsembleOptions Options => options;

    public string? EngineOn(string device) => Nested.EngineOn(members, device);

    public IFittedForecaster Fit(PanelView history, ForecastTask task, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(context);
        task.Validated();
        var walks = options.NeedsInnerWalk ? members.Count : 0;
        var results = new List<InnerResult>(walks);
        for (var i = 0; i < walks; i++)
        {
            results.Add(InnerWalk.Run(members[i], Scope, history, Plan, task.Levels, Nested.Part(context, i, walks + members.Count, SeedOf(context, "inner", i))));
            context.Progress?.Report((i + 1.0) / (walks + members.Count));
        }

        var weights = new Dictionary<string, SeriesWeights>(StringComparer.Ordinal);
        var failures = new Dictionary<string, ForecastException>(StringComparer.Ordinal);
        foreach (var series in history.Series)
        {
            try
            {
                weights[series.Id] = Weigh(series.Id, results, task.Levels);
            }
            catch (ForecastException e)
            {
                failures[series.Id] = e;
            }
        }

        if (weights.Count == 0) throw failures.Values.First();
        var fitted = new IFittedForecaster[members.Count];
        for (var i = 0; i < fitted.Length; i++)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            fitted[i] = Fit(i, history, task, Nested.Part(context, walks + i, walks + members.Count, SeedOf(context, "member", i)));
        }

        return new FittedEnsemble(this, fitted, weights, failures);

        InnerPlan Plan(int rows) => InnerPlan.ToCompare(rows, task.Horizon, options.Folds, options.RefitEvery);
    }

    public IFittedForecaster Load(ModelArchive archive)
    {
        ArgumentNullException.ThrowIfNull(archive);
        var weights = archive.ReadObject<Dictionary<string, SeriesWeights>>(FittedEnsemble.WeightsEntry);
        return new FittedEnsemble(this, [.. members.Select((m, i) => Nested.Load(archive, FittedEnsemble.MemberEntry(i), m))], weights, new Dictionary<string, ForecastException>(StringComparer.Ordinal));
    }

    private static ulong SeedOf(FitContext context, string use, int member) => Seeds.Derive(context.Seed, "ensemble", use, member.ToString(CultureInfo.InvariantCulture));

    /// <summary>A member's error as the ensemble tells it.</summary>
    internal ForecastException Wrapped(int member, ForecastException e, string? series) => new(
        e.Code, $"{e.Message} (member '{members[member].Name}' of '{name}')", e.Field, series ?? e.Series, e.Index, e);

    private IFittedForecaster Fit(int member, PanelView history, ForecastTask task, FitContext context)
    {
        try
        {
            return members[member].Fit(history, task, context);
        }
        catch (ForecastException e)
        {
            throw Wrapped(member, e, null);
        }
    }

    private SeriesWeights Weigh(string series, List<InnerResult> results, IReadOnlyList<double> levels)
    {
        if (!options.NeedsInnerWalk)
            return new SeriesWeights(options.Combination == Combination.Median ? null : SimplexLeastSquares.Equal(members.Count), null, 0);
        IReadOnlyList<InnerFold>[] folds = [.. results.Select((r, i) => r.Of(series, members[i].Name))];
        var weights = EnsembleWeights.Estimate(options.Combination, folds, levels, series);
        return new SeriesWeights(weights, EnsembleWeights.Errors(folds, series), folds[0].Sum(f => f.Actual.Count(v => !double.IsNaN(v))));
    }
}
