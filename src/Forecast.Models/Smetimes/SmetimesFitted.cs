using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Distributions;
using Forecast.Core.Forecasting;
using Forecast.Models.LinearAr;
using Forecast.Models.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Forecast.Models.Smetimes;

/// <summary>What is saved of a fit beside its weights.</summary>
/// <param name="Shape">Segments and windows.</param>
/// <param name="Config">Of the network.</param>
/// <param name="Bands">Intervals: [steps][levels], in deviations of a window.</param>
/// <param name="Log">How it was trained.</param>
/// <param name="Still">Whether no series ever moved, so that nothing was learned: constants go on, other series are refused.</param>
/// <param name="WeightsHash">Of the language model, which is not saved; null without one.</param>
internal sealed record SmetimesState(SmetimesShape Shape, SmetimesConfig Config, double[][] Bands, TrainingLog Log, bool Still, string? WeightsHash);

/// <summary>Trained parts around a frozen language model, standing on a history.</summary>
internal sealed class SmetimesFitted(SmetimesForecaster model, SmetimesState state, SmetimesNetwork network, Backbone? backbone, Device device, PanelView? history) : IFittedForecaster
{
    private const string Entry = "smetimes.json";
    private const string WeightsEntry = "weights.safetensors";

    private readonly SmetimesShape _shape = state.Shape;

    /// <summary>Forecasts without their intervals, for measurements.</summary>
    internal SegmentForecast Points { get; } = new(network, state.Shape, backbone);

    public IReadOnlyDictionary<string, FitSummary> Summaries => (history?.Series ?? []).Where(s => LinearArLaw.Observed(s) > 0).ToDictionary(s => s.Id, Summary, StringComparer.Ordinal);

    public IFittedForecaster Condition(PanelView newHistory)
    {
        ArgumentNullException.ThrowIfNull(newHistory);
        return new SmetimesFitted(model, state, network, backbone, device, newHistory);
    }

    public PanelPrediction Predict(KnownFuture future, int horizon, ulong seed)
    {
        if (horizon < 1) throw new ForecastException("horizon-invalid", $"horizon is {horizon}; it must be at least 1", "horizon");
        if (history is null) throw new ForecastException("history-missing", $"model '{model.Name}' was loaded without data; condition it on the newest history first");
        if (horizon > state.Bands.Length)
            throw new ForecastException("horizon-too-long", $"model '{model.Name}' knows its intervals for {state.Bands.Length} steps and cannot give {horizon}; fit it again", "horizon");
        var distributions = new Dictionary<string, PredictiveDistribution>(StringComparer.Ordinal);
        var failures = new Dictionary<string, ForecastException>(StringComparer.Ordinal);

        // Series of one number of segments share a batch, so that none is cut for another.
        var usable = history.Series.Where(s => Usable(s, failures)).GroupBy(s => Math.Min(_shape.Segments, s.Length / _shape.Segment));
        foreach (var part in usable.SelectMany(g => g.Chunk(SegmentForecast.Batch)))
        {
            var windows = Array.ConvertAll(part, Window);
            var paths = Points.Run(windows, horizon);
            for (var i = 0; i < part.Length; i++) distributions[part[i].Id] = new PredictiveDistribution(part[i].FutureTimes(horizon), Laws(windows[i], paths[i]));
        }

        return new PanelPrediction(distributions, failures);
    }

    public void Save(ModelArchive archive)
    {
        ArgumentNullException.ThrowIfNull(archive);
        archive.Write(WeightsEntry, StateFile.Write(network.state_dict()));
        archive.WriteObject(Entry, state with { WeightsHash = backbone?.Hash });
    }

    /// <exception cref="ForecastException">An entry is missing or damaged, or the language model is another than at the fit.</exception>
    public static SmetimesFitted Load(SmetimesForecaster model, ModelArchive archive, Device device)
    {
        var state = archive.ReadObject<SmetimesState>(Entry);
        var backbone = state.WeightsHash is null ? null : model.Open(device);
        if (backbone is not null && !string.Equals(state.WeightsHash, backbone.Hash, StringComparison.Ordinal))
            throw new ForecastException("weights-other", $"model '{model.Name}' was saved with another language model: the one here has the SHA-256 {backbone.Hash}, not {state.WeightsHash}", "weights");
        var network = new SmetimesNetwork(state.Config, attention: backbone is null);
        StateFile.Load(network, WeightsEntry, archive.Read(WeightsEntry));
        network.to(device);
        network.eval();
        return new SmetimesFitted(model, state, network, backbone, device, null);
    }

    private bool Usable(SeriesView series, Dictionary<string, ForecastException> failures)
    {
        try
        {
            var values = Lookback.Filled(series.Target, series.Id);
            if (series.Length < _shape.Segment) throw Lookback.TooShort(series, _shape.Segment, 0);
            if (state.Still && !Lookback.IsConstant(values.AsSpan()[^Math.Min(values.Length, _shape.Rows)..])) throw Lookback.NeverMoved(series.Id);
            return true;
        }
        catch (ForecastException e)
        {
            failures[series.Id] = e;
            return false;
        }
    }

    private static SegmentWindow Window(SeriesView series)
    {
        var (mean, scale) = PanelTensor.Moments(series.Target);
        return new SegmentWindow(series, series.Length, mean, scale);
    }

    private IMarginal[] Laws(SegmentWindow window, double[] path)
    {
        var rows = Math.Min(_shape.Segments, window.Rows / _shape.Segment) * _shape.Segment;
        var (deviation, levels) = (window.Deviation(rows), _shape.Levels.ToArray());
        var level = window.Last(1)[0];
        return [.. path.Select((f, h) => (IMarginal)new QuantileMarginal(levels, Array.ConvertAll(state.Bands[h], b => deviation > 0 ? f + (deviation * b) : level)))];
    }

    private FitSummary Summary(SeriesView series)
    {
        List<string> notes = [state.Log.Describe(), $"{_shape.Segments} segments of {_shape.Segment} rows in, one out, on {device}", backbone is null ? "one layer of attention in place of a language model" : $"frozen language model of width {backbone.Width}, prompts: {_shape.Prompts.ToString().ToLowerInvariant()}"];
        if (state.Log.Best.ValidationLoss is double.NaN) notes.Add("too few rows to hold any out: intervals come from the windows that were learned from and are too narrow");
        if (series.Length < _shape.Rows) notes.Add($"the series has {series.Length} of the {_shape.Rows} rows that a window holds; {series.Length / _shape.Segment} segments are read");
        return new FitSummary
        {
            Parameters = new Dictionary<string, double>(StringComparer.Ordinal)
            {
                ["segment"] = _shape.Segment,
                ["segments"] = _shape.Segments,
                ["stride"] = _shape.Stride,
                ["experts"] = state.Config.Experts,
                ["width"] = state.Config.Width,
                ["weights"] = network.parameters().Sum(p => p.NumberOfElements),
            },
            Criteria = new Dictionary<string, double>(StringComparer.Ordinal)
            {
                ["training_loss"] = state.Log.Best.Loss,
                ["validation_loss"] = state.Log.Best.ValidationLoss,
                ["epochs"] = state.Log.Epochs[^1].Epoch,
            },
            Paths = new Dictionary<string, double[]>(StringComparer.Ordinal)
            {
                ["training_loss"] = [.. state.Log.Epochs.Select(e => e.Loss)],
                ["validation_loss"] = [.. state.Log.Epochs.Select(e => e.ValidationLoss)],
            },
            Notes = notes,
            Observations = LinearArLaw.Observed(series),
        };
    }
}
