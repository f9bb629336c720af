using System.Runtime.InteropServices;
using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Distributions;
using Forecast.Core.Forecasting;
using Forecast.Models.LinearAr;
using Forecast.Models.Training;
using static TorchSharp.torch;

namespace Forecast.Models.Tirex;

/// <summary>What is saved of a zero-shot model: which weights it stands on.</summary>
/// <param name="WeightsHash">SHA-256 of the file of weights.</param>
public sealed record TirexState(string WeightsHash);

/// <summary>A network standing on a history.</summary>
internal sealed class TirexFitted(TirexForecaster model, TirexWeights weights, PanelView? history) : IJointPredictor
{
    private const string Entry = "tirex.json";

    private readonly TirexConfig _config = weights.Network.Config;

    public IReadOnlyDictionary<string, FitSummary> Summaries =>
        (history?.Series ?? []).Where(s => LinearArLaw.Observed(s) > 0).ToDictionary(s => s.Id, Summary, StringComparer.Ordinal);

    public IFittedForecaster Condition(PanelView newHistory)
    {
        ArgumentNullException.ThrowIfNull(newHistory);
        return new TirexFitted(model, weights, newHistory);
    }

    public object Weights => weights;

    public PanelPrediction Predict(KnownFuture future, int horizon, ulong seed) => PredictTogether([this], horizon)[0];

    public IReadOnlyList<PanelPrediction> PredictTogether(IReadOnlyList<IJointPredictor> members, int horizon)
    {
        ArgumentNullException.ThrowIfNull(members);
        if (horizon < 1) throw new ForecastException("horizon-invalid", $"horizon is {horizon}; it must be at least 1", "horizon");
        var answers = new JointAnswers(members.Count);

        // Series of like length go together: patches that are empty in all of them cost nothing.
        var usable = members.SelectMany((m, i) => ((TirexFitted)m).Usable(i, answers)).OrderBy(s => Math.Min(s.Series.Length, _config.ContextLength));
        foreach (var part in usable.Chunk(model.Options.Batch))
        {
            var laws = Predict(Array.ConvertAll(part, p => p.Series), horizon);
            for (var i = 0; i < part.Length; i++) answers.Add(part[i].Member, part[i].Series.Id, new PredictiveDistribution(part[i].Series.FutureTimes(horizon), laws[i].Laws, repairs: laws[i].Repairs));
        }

        return answers.Predictions;
    }

    public void Save(ModelArchive archive)
    {
        ArgumentNullException.ThrowIfNull(archive);
        archive.WriteObject(Entry, new TirexState(weights.Hash));
    }

    /// <exception cref="ForecastException">The entry is missing, or the weights here are others than at the fit.</exception>
    public static TirexFitted Load(TirexForecaster model, ModelArchive archive, TirexWeights weights)
    {
        var state = archive.ReadObject<TirexState>(Entry);
        return string.Equals(state.WeightsHash, weights.Hash, StringComparison.Ordinal)
            ? new TirexFitted(model, weights, null)
            : throw new ForecastException("weights-other", $"model '{model.Name}' was saved with other weights: those here have the SHA-256 {weights.Hash}, not {state.WeightsHash}", "weights");
    }

    /// <summary>The series of a member; those without an observation have their error already.</summary>
    private IEnumerable<(int Member, SeriesView Series)> Usable(int member, JointAnswers answers)
    {
        if (history is null) throw new ForecastException("history-missing", $"model '{model.Name}' was loaded without data; condition it on the newest history first");
        foreach (var series in history.Series)
        {
            if (!IsEmpty(series.Target)) yield return (member, series);
            else answers.Fail(member, series.Id, new ForecastException("series-empty", $"series '{series.Id}' has no observation: all {series.Length} values are missing", "data", series.Id));
        }
    }

    private (IMarginal[] Laws, int Repairs)[] Predict(SeriesView[] series, int horizon)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var bfloat16 = model.Options.Precision == TirexPrecision.BFloat16;
        var context = Context(series);
        var given = TirexRollout.Run(weights.Network, context, horizon, model.Options.PatchesPerPass, bfloat16, weights.Stack);
        var values = given.to(ScalarType.Float64).cpu().contiguous().data<double>().ToArray();
        var levels = _config.Quantiles.ToArray();
        var results = new (IMarginal[], int)[series.Length];
        for (var i = 0; i < results.Length; i++)
        {
            var (laws, repairs) = (new IMarginal[horizon], 0);
            for (var h = 0; h < horizon; h++)
            {
                var quantiles = values.AsSpan(((i * horizon) + h) * levels.Length, levels.Length);
                if (!Ascends(quantiles))
                {
                    quantiles.Sort();
                    repairs++;
                }

                laws[h] = new QuantileMarginal(levels, quantiles);
            }

            results[i] = (laws, repairs);
        }

        return results;
    }

    /// <summary>
    /// [B, rows], missing values in front of shorter series. In float64, since a series far from 0 has its own unit taken out of it
    /// before the network's float32.
    /// </summary>
    private Tensor Context(SeriesView[] series)
    {
        var length = Math.Min(series.Max(s => s.Length), _config.ContextLength);
        var memory = weights.Borrow((long)series.Length * length);
        var staged = memory.narrow(0, 0, (long)series.Length * length);
        var values = MemoryMarshal.Cast<byte, double>(staged.bytes);
        for (var i = 0; i < series.Length; i++)
        {
            var target = series[i].Target;
            var own = values.Slice(i * length, length);
            var rows = Math.Min(length, target.Length);
            own[..^rows].Fill(double.NaN);
            target[^rows..].CopyTo(own[^rows..]);
        }

        var context = staged.view(series.Length, length).to(weights.Device);
        weights.GiveBack(memory);
        return context;
    }

    private static bool IsEmpty(ReadOnlySpan<double> values)
    {
        for (var i = values.Length - 1; i >= 0; i--)
        {
            if (!double.IsNaN(values[i])) return false;
        }

        return true;
    }

    private static bool Ascends(ReadOnlySpan<double> values)
    {
        for (var k = 1; k < values.Length; k++)
        {
            if (values[k] < values[k - 1]) return false;
        }

        return true;
    }

    private FitSummary Summary(SeriesView series)
    {
        List<string> notes =
        [
            model.IsUntrained ? "weights that were never trained: every quantile is the mean of the context; good for timing only" : $"zero-shot: nothing was fitted; weights {weights.Hash[..12]}",
            $"quantile levels {string.Join(' ', _config.Quantiles)}, linear between them, none outside; {_config.ContextLength} rows in, on {weights.Device}",
        ];
        if (series.Length > _config.ContextLength) notes.Add($"of {series.Length} rows the last {_config.ContextLength} are read");
        return new FitSummary
        {
            Parameters = new Dictionary<string, double>(StringComparer.Ordinal)
            {
                ["context"] = _config.ContextLength,
                ["patch"] = _config.Patch,
                ["width"] = _config.Width,
                ["blocks"] = _config.Blocks,
                ["weights"] = weights.Network.parameters().Sum(p => p.NumberOfElements),
            },
            Notes = notes,
            Observations = LinearArLaw.Observed(series),
        };
    }
}
