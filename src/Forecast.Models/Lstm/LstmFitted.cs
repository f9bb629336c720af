using System.Globalization;
using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Distributions;
using Forecast.Core.Forecasting;
using Forecast.Models.LinearAr;
using Forecast.Models.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Forecast.Models.Lstm;

/// <summary>What is saved of a fit beside its weights.</summary>
/// <param name="Shape">Of the networks.</param>
/// <param name="Series">Series that were trained on, in the order of the networks' linear parts.</param>
/// <param name="Logs">How each was trained.</param>
public sealed record LstmState(LstmShape Shape, IReadOnlyList<string> Series, IReadOnlyList<TrainingLog> Logs)
{
    /// <summary>Whether no series ever moved, so that the networks have learned nothing: constants go on, other series are refused.</summary>
    public bool Still { get; init; }
}

/// <summary>Trained networks, standing on a history.</summary>
internal sealed class LstmFitted(LstmForecaster model, LstmState state, IReadOnlyList<LstmNetwork> networks, Device device, PanelView? history) : IFittedForecaster
{
    private const string Entry = "lstm.json";
    private const int Batch = 256;

    private readonly LstmShape _shape = state.Shape;
    private readonly Dictionary<string, int> _places = state.Series.Select((id, i) => (id, i)).ToDictionary(p => p.id, p => p.i, StringComparer.Ordinal);

    public IReadOnlyDictionary<string, FitSummary> Summaries => (history?.Series ?? []).ToDictionary(s => s.Id, Summary, StringComparer.Ordinal);

    public IFittedForecaster Condition(PanelView newHistory)
    {
        ArgumentNullException.ThrowIfNull(newHistory);
        return new LstmFitted(model, state, networks, device, newHistory);
    }

    public PanelPrediction Predict(KnownFuture future, int horizon, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(future);
        if (horizon < 1) throw new ForecastException("horizon-invalid", $"horizon is {horizon}; it must be at least 1", "horizon");
        if (history is null) throw new ForecastException("history-missing", $"model '{model.Name}' was loaded without data; condition it on the newest history first");
        if (horizon > _shape.Horizon)
            throw new ForecastException("horizon-too-long", $"model '{model.Name}' was trained for {_shape.Horizon} steps and cannot give {horizon}; fit it again", "horizon");
        var failures = new Dictionary<string, ForecastException>(StringComparer.Ordinal);
        SeriesView[] usable = [.. history.Series.Where(s => Usable(s, future, failures))];
        var distributions = new Dictionary<string, PredictiveDistribution>(StringComparer.Ordinal);
        foreach (var part in usable.Chunk(Batch))
        {
            var laws = Predict(part, future, horizon);
            for (var i = 0; i < part.Length; i++) distributions[part[i].Id] = new PredictiveDistribution(part[i].FutureTimes(horizon), laws[i]);
        }

        return new PanelPrediction(distributions, failures);
    }

    public void Save(ModelArchive archive)
    {
        ArgumentNullException.ThrowIfNull(archive);
        archive.WriteObject(Entry, state);
        for (var i = 0; i < networks.Count; i++) archive.Write(WeightsEntry(i), StateFile.Write(networks[i].state_dict()));
    }

    /// <exception cref="ForecastException">An entry is missing or damaged, or weights do not fit their network.</exception>
    public static LstmFitted Load(LstmForecaster model, ModelArchive archive, Device device)
    {
        var state = archive.ReadObject<LstmState>(Entry);
        var networks = new LstmNetwork[state.Logs.Count];
        for (var i = 0; i < networks.Length; i++)
        {
            networks[i] = new LstmNetwork(state.Shape, state.Series.Count);
            StateFile.Load(networks[i], WeightsEntry(i), archive.Read(WeightsEntry(i)));
            networks[i].to(device);
            networks[i].eval();
        }

        return new LstmFitted(model, state, networks, device, null);
    }

    private static string WeightsEntry(int network) => $"weights.{network.ToString(CultureInfo.InvariantCulture)}.safetensors";

    private bool Usable(SeriesView series, KnownFuture future, Dictionary<string, ForecastException> failures)
    {
        try
        {
            _shape.Features.Check(series);
            if (series.Length < _shape.Lookback) throw Lookback.TooShort(series, _shape.Lookback, 0);
            var values = Lookback.Filled(series.Target, series.Id);
            if (state.Still && !Lookback.IsConstant(values.AsSpan()[^_shape.Lookback..])) throw Lookback.NeverMoved(series.Id);
            foreach (var column in _shape.Features.Future) future[series.Id].Require(column, _shape.Horizon, series.Id);
            return true;
        }
        catch (ForecastException e)
        {
            failures[series.Id] = e;
            return false;
        }
    }

    /// <summary>For each series a law a step: the networks' quantiles, averaged level by level and brought back to the series' unit.</summary>
    private IMarginal[][] Predict(SeriesView[] series, KnownFuture future, int horizon)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using var panel = PanelTensor.Build(series, _shape.Features, _shape.Scaling, device, future, _shape.Horizon);
        var gatherer = new WindowGatherer(panel, _shape.Lookback, _shape.Horizon, _shape.Features.Past.Count, _shape.ShowGaps);
        var batch = gatherer.Gather([.. series.Select((s, i) => (long)panel.Starts[i] + s.Length - _shape.Lookback)], [.. series.Select(s => (long)_places.GetValueOrDefault(s.Id, state.Series.Count))]);
        var quantiles = networks[0].call(batch.Past, batch.Future, batch.Series);
        foreach (var network in networks.Skip(1)) quantiles += network.call(batch.Past, batch.Future, batch.Series);
        var z = Host(quantiles / networks.Count);
        var (means, sds) = (Host(batch.Mean), Host(batch.Sd));

        var (levels, laws) = (_shape.Levels.ToArray(), new IMarginal[series.Length][]);
        var values = new double[levels.Length];
        for (var i = 0; i < series.Length; i++)
        {
            laws[i] = new IMarginal[horizon];
            for (var h = 0; h < horizon; h++)
            {
                var from = ((i * _shape.Horizon) + h) * levels.Length;
                for (var k = 0; k < levels.Length; k++) values[k] = panel.Means[i] + (panel.Scales[i] * (means[i] + (sds[i] * (double)z[from + k])));
                laws[i][h] = new QuantileMarginal(levels, values);
            }
        }

        return laws;
    }

    private static float[] Host(Tensor values) => values.detach().cpu().contiguous().data<float>().ToArray();

    private FitSummary Summary(SeriesView series) => new()
    {
        Parameters = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["lookback"] = _shape.Lookback,
            ["patch"] = _shape.Patch,
            ["hidden"] = _shape.Hidden,
            ["layers"] = _shape.Layers,
            ["weights"] = networks[0].parameters().Sum(p => p.NumberOfElements),
        },
        Criteria = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["training_loss"] = state.Logs.Average(l => l.Best.Loss),
            ["validation_loss"] = state.Logs.Average(l => l.Best.ValidationLoss),
            ["epochs"] = state.Logs.Max(l => l.Epochs[^1].Epoch),
        },
        Paths = state.Logs.SelectMany((log, i) => new[]
        {
            KeyValuePair.Create($"training_loss_{i + 1}", log.Epochs.Select(e => e.Loss).ToArray()),
            KeyValuePair.Create($"validation_loss_{i + 1}", log.Epochs.Select(e => e.ValidationLoss).ToArray()),
        }).ToDictionary(StringComparer.Ordinal),
        Notes = [.. state.Logs.Select(l => l.Describe()), $"quantile levels {string.Join(' ', _shape.Levels)}, on {device}"],
        Observations = LinearArLaw.Observed(series),
    };
}
