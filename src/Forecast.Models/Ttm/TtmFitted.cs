using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Distributions;
using Forecast.Core.Forecasting;
using Forecast.Models.LinearAr;
using Forecast.Models.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Forecast.Models.Ttm;

/// <summary>What is saved of a fit beside its weights.</summary>
/// <param name="Config">Of the network.</param>
/// <param name="Levels">Quantile levels; empty = point forecasts.</param>
/// <param name="Units">Unit of each series that was fitted on.</param>
/// <param name="Log">How it was trained; null = zero-shot.</param>
/// <param name="Blend">How far the weights stand between the published and the fitted ones; 1 = fitted.</param>
/// <param name="WeightsHash">Of published weights that were not changed and so are not saved; else null.</param>
public sealed record TtmState(TtmConfig Config, IReadOnlyList<double> Levels, IReadOnlyDictionary<string, TtmUnit> Units, TrainingLog? Log, double Blend, string? WeightsHash);

/// <summary>A network with its weights, standing on a history.</summary>
internal sealed class TtmFitted(TtmForecaster model, TtmState state, TtmQuantileNetwork network, Device device, PanelView? history) : IJointPredictor
{
    private const string Entry = "ttm.json";
    private const string WeightsEntry = "weights.safetensors";
    private const int Batch = 256;

    private readonly TtmConfig _config = state.Config;

    /// <summary>The network, for measurements.</summary>
    internal TtmNetwork Network => network.Network;

    public IReadOnlyDictionary<string, FitSummary> Summaries =>
        (history?.Series ?? []).Where(s => LinearArLaw.Observed(s) > 0).ToDictionary(s => s.Id, Summary, StringComparer.Ordinal);

    public IFittedForecaster Condition(PanelView newHistory)
    {
        ArgumentNullException.ThrowIfNull(newHistory);
        return new TtmFitted(model, state, network, device, newHistory);
    }

    public object Weights => network;

    public PanelPrediction Predict(KnownFuture future, int horizon, ulong seed) => PredictTogether([this], horizon)[0];

    public IReadOnlyList<PanelPrediction> PredictTogether(IReadOnlyList<IJointPredictor> members, int horizon)
    {
        ArgumentNullException.ThrowIfNull(members);
        if (horizon < 1) throw new ForecastException("horizon-invalid", $"horizon is {horizon}; it must be at least 1", "horizon");
        if (horizon > _config.Horizon && state.Levels.Count > 0)
            throw new ForecastException("horizon-too-long", $"model '{model.Name}' was fitted for quantiles of {_config.Horizon} steps and cannot give {horizon}; fit it again", "horizon");
        var answers = new JointAnswers(members.Count);
        var readings = members.SelectMany((m, i) => ((TtmFitted)m).Readings(i, answers)).ToArray();

        // The token of the frequency is the pass's.
        foreach (var part in readings.GroupBy(r => r.Series.Frequency).SelectMany(g => g.Chunk(Batch)))
        {
            var laws = Predict(part, horizon);
            for (var i = 0; i < part.Length; i++) answers.Add(part[i].Member, part[i].Series.Id, new PredictiveDistribution(part[i].Series.FutureTimes(horizon), laws[i]));
        }

        return answers.Predictions;
    }

    public void Save(ModelArchive archive)
    {
        ArgumentNullException.ThrowIfNull(archive);
        if (state.Log is not null) archive.Write(WeightsEntry, StateFile.Write(network.state_dict()));
        archive.WriteObject(Entry, state.Log is null ? state with { WeightsHash = model.Pretrained(device).Hash } : state);
    }

    /// <exception cref="ForecastException">An entry is missing or damaged, or the published weights are others than at the fit.</exception>
    public static TtmFitted Load(TtmForecaster model, ModelArchive archive, Device device)
    {
        var state = archive.ReadObject<TtmState>(Entry);
        if (state.WeightsHash is { } hash)
        {
            var published = model.Pretrained(device);
            return string.Equals(hash, published.Hash, StringComparison.Ordinal)
                ? new TtmFitted(model, state, published.Network, device, null)
                : throw new ForecastException("weights-other", $"model '{model.Name}' was saved with other weights: those here have the SHA-256 {published.Hash}, not {hash}", "weights");
        }

        var network = new TtmQuantileNetwork(state.Config, state.Levels);
        StateFile.Load(network, WeightsEntry, archive.Read(WeightsEntry));
        network.to(device);
        network.eval();
        return new TtmFitted(model, state, network, device, null);
    }

    /// <summary>The series of a member, each in the unit of its fit; those without an observation have their error already.</summary>
    private IEnumerable<Reading> Readings(int member, JointAnswers answers)
    {
        if (history is null) throw new ForecastException("history-missing", $"model '{model.Name}' was loaded without data; condition it on the newest history first");
        foreach (var series in history.Series)
        {
            if (LinearArLaw.Observed(series) > 0) yield return new Reading(member, series, state.Units.GetValueOrDefault(series.Id) ?? TtmUnit.Of(series.Target));
            else answers.Fail(member, series.Id, new ForecastException("series-empty", $"series '{series.Id}' has no observation: all {series.Length} values are missing", "data", series.Id));
        }
    }

    /// <summary>For each series a law a step, in its own unit; forecasts beyond the head's horizon by feeding them back.</summary>
    private IMarginal[][] Predict(Reading[] readings, int horizon)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var (series, units) = (Array.ConvertAll(readings, r => r.Series), Array.ConvertAll(readings, r => r.Unit));
        var (values, observed) = Windows(series, units);
        var levels = Array.ConvertAll(series, Level);
        var frequency = TtmFrequencies.Tokens(_config, series[0].Frequency, series.Length, device);
        var given = network.Run(new TtmInput(values) { Observed = observed, Frequency = frequency });
        if (state.Levels.Count > 0) return Quantiles(given, units, levels, horizon);
        var points = given;
        while (points.shape[1] < horizon)
        {
            values = cat([values, given.unsqueeze(-1)], 1).narrow(1, given.shape[1], _config.ContextLength);
            observed = cat([observed, ones_like(given).unsqueeze(-1)], 1).narrow(1, given.shape[1], _config.ContextLength);
            given = network.Run(new TtmInput(values) { Observed = observed, Frequency = frequency });
            points = cat([points, given], 1);
        }

        var (host, steps) = (Host(points), (int)points.shape[1]);
        return [.. units.Select((u, i) => Enumerable.Range(0, horizon).Select(h => (IMarginal)new PointMarginal(levels[i] ?? (u.Mean + (u.Deviation * host[(i * steps) + h])))).ToArray())];
    }

    private IMarginal[][] Quantiles(Tensor given, TtmUnit[] units, double?[] levels, int horizon)
    {
        var (host, known) = (Host(given), state.Levels.ToArray());
        return [.. units.Select((u, i) => Enumerable.Range(0, horizon).Select(h => Law(u, levels[i], host.AsSpan(((i * _config.Horizon) + h) * known.Length, known.Length))).ToArray())];

        IMarginal Law(TtmUnit unit, double? level, ReadOnlySpan<float> z)
        {
            var q = new double[known.Length];
            for (var k = 0; k < q.Length; k++) q[k] = level ?? (unit.Mean + (unit.Deviation * z[k]));
            return new QuantileMarginal(known, q);
        }
    }

    /// <summary>The level of a window that does not move, which is its forecast; null for one that does.</summary>
    private double? Level(SeriesView series)
    {
        var y = series.Target;
        double? level = null;
        foreach (var v in y[^Math.Min(y.Length, _config.ContextLength)..])
        {
            if (double.IsNaN(v)) continue;
            if (level is { } seen && v != seen) return null;
            level = v;
        }

        return level;
    }

    /// <summary>The last L rows of each series, [B, L, 1]; gaps, and the rows before a short series, are 0 and marked.</summary>
    private (Tensor Values, Tensor Observed) Windows(SeriesView[] series, TtmUnit[] units)
    {
        var length = _config.ContextLength;
        var (values, observed) = (new float[series.Length * length], new float[series.Length * length]);
        for (var i = 0; i < series.Length; i++)
        {
            var y = series[i].Target;
            var rows = Math.Min(length, y.Length);
            for (var t = 0; t < rows; t++)
            {
                var v = y[y.Length - rows + t];
                if (double.IsNaN(v)) continue;
                var at = (i * length) + length - rows + t;
                (values[at], observed[at]) = ((float)((v - units[i].Mean) / units[i].Deviation), 1);
            }
        }

        return (tensor(values, [series.Length, length, 1], device: device), tensor(observed, [series.Length, length, 1], device: device));
    }

    private static float[] Host(Tensor values) => values.detach().cpu().contiguous().data<float>().ToArray();

    private FitSummary Summary(SeriesView series)
    {
        List<string> notes = [state.Log?.Describe() ?? "zero-shot: nothing was fitted but the series' unit", $"{_config.ContextLength} rows in, {_config.Horizon} steps out, on {device}"];
        if (state.Log is { BestEpoch: > 0 } && state.Blend < 1) notes.Add($"weights {state.Blend} of the way from the published to the fitted ones");
        if (series.Length < _config.ContextLength) notes.Add($"the series has {series.Length} of the {_config.ContextLength} rows that are read; the others count as missing");
        return new FitSummary
        {
            Parameters = new Dictionary<string, double>(StringComparer.Ordinal)
            {
                ["context"] = _config.ContextLength,
                ["horizon"] = _config.Horizon,
                ["patch"] = _config.PatchLength,
                ["width"] = _config.Width,
                ["weights"] = network.parameters().Sum(p => p.NumberOfElements),
            },
            Criteria = state.Log is not { } log ? new Dictionary<string, double>(StringComparer.Ordinal) : new Dictionary<string, double>(StringComparer.Ordinal)
            {
                ["training_loss"] = log.Best.Loss,
                ["validation_loss"] = log.Best.ValidationLoss,
                ["epochs"] = log.Epochs[^1].Epoch,
            },
            Notes = notes,
            Observations = LinearArLaw.Observed(series),
        };
    }

    /// <summary>A series of a member, and the unit that it is read in.</summary>
    private sealed record Reading(int Member, SeriesView Series, TtmUnit Unit);
}
