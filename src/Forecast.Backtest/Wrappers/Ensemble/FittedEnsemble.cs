using System.Globalization;
using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Distributions;
using Forecast.Core.Forecasting;
using Forecast.Core.Numerics;

namespace Forecast.Backtest.Wrappers.Ensemble;

/// <summary>Fitted members with the weights of each series. Conditioning conditions the members; weights stay.</summary>
internal sealed class FittedEnsemble(
    EnsembleForecaster model,
    IReadOnlyList<IFittedForecaster> members,
    IReadOnlyDictionary<string, SeriesWeights> weights,
    IReadOnlyDictionary<string, ForecastException> failures) : IFittedForecaster
{
    public const string WeightsEntry = "weights.json";

    /// <summary><c>weight1</c>, ... and each member's own parameters behind its number.</summary>
    public IReadOnlyDictionary<string, FitSummary> Summaries
    {
        get
        {
            IReadOnlyDictionary<string, FitSummary>[] own = [.. members.Select(m => m.Summaries)];
            return weights.Keys.Where(id => own.All(o => o.ContainsKey(id)))
                .ToDictionary(id => id, id => Summarize(weights[id], [.. own.Select(o => o[id])]), StringComparer.Ordinal);
        }
    }

    public static string MemberEntry(int member) => $"member{member + 1}.zip";

    public IFittedForecaster Condition(PanelView history) => new FittedEnsemble(model, [.. members.Select(m => m.Condition(history))], weights, failures);

    public PanelPrediction Predict(KnownFuture future, int horizon, ulong seed)
    {
        // A seed for each place: the paths of the same model in two places must not be the same draws twice.
        PanelPrediction[] said = [.. members.Select((m, i) => m.Predict(future, horizon, Seeds.Derive(seed, "ensemble member", i.ToString(CultureInfo.InvariantCulture))))];
        var laws = new Dictionary<string, PredictiveDistribution>(StringComparer.Ordinal);
        var failed = new Dictionary<string, ForecastException>(failures, StringComparer.Ordinal);
        foreach (var id in said.SelectMany(s => s.Distributions.Keys.Concat(s.Failures.Keys)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            if (failed.ContainsKey(id)) continue;
            try
            {
                if (!weights.TryGetValue(id, out var own)) throw new ForecastException("series-not-fitted", $"model '{model.Name}' was not fitted on series '{id}'", "series", id);
                laws[id] = Combine(id, own.Values, said, Seeds.Derive(seed, "ensemble paths", id));
            }
            catch (ForecastException e)
            {
                failed[id] = e;
            }
        }

        return new PanelPrediction(laws, failed);
    }

    public void Save(ModelArchive archive)
    {
        ArgumentNullException.ThrowIfNull(archive);
        archive.WriteObject(WeightsEntry, weights);
        for (var i = 0; i < members.Count; i++) Nested.Save(archive, MemberEntry(i), members[i]);
    }

    private PredictiveDistribution Combine(string series, double[]? own, PanelPrediction[] said, ulong seed)
    {
        var share = own ?? SimplexLeastSquares.Equal(said.Length);
        int[] active = [.. Enumerable.Range(0, said.Length).Where(i => share[i] > 0)];
        PredictiveDistribution[] all = [.. active.Select(i => said[i].Failures.TryGetValue(series, out var e) ? throw model.Wrapped(i, e, series) : said[i][series])];
        return CombinedLaw.Of(all, [.. active.Select(i => share[i])], own is null, seed);
    }

    private FitSummary Summarize(SeriesWeights own, FitSummary[] summaries)
    {
        var parameters = new Dictionary<string, double>(StringComparer.Ordinal);
        var criteria = new Dictionary<string, double>(StringComparer.Ordinal);
        var notes = new List<string>();
        for (var i = 0; i < summaries.Length; i++)
        {
            if (own.Values is not null) parameters[$"weight{i + 1}"] = own.Values[i];
            if (own.Errors is not null) criteria[$"mse{i + 1}"] = own.Errors[i];
            notes.Add($"member {i + 1} is {model.Members[i].Name}" + (summaries[i].Converged ? "" : ", which did not converge"));
        }

        for (var i = 0; i < summaries.Length; i++)
        {
            foreach (var (name, value) in summaries[i].Parameters) parameters[$"{name}.{i + 1}"] = value;
            notes.AddRange(summaries[i].Notes.Select(n => $"member {i + 1}: {n}"));
        }

        notes.Insert(0, $"combined by {EnsembleModel.Word(model.Options.Combination)}" + (own.Points > 0 ? $", weights from {own.Points} forecasts of an inner walk-forward" : ""));
        return new FitSummary
        {
            Parameters = parameters,
            Criteria = criteria,
            Converged = Array.TrueForAll(summaries, s => s.Converged),
            Notes = notes,
            Observations = summaries.Max(s => s.Observations),
        };
    }
}
