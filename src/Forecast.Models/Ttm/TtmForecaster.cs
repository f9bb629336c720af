using System.Collections.Concurrent;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using Forecast.Models.LinearAr;
using Forecast.Models.Training;
using static TorchSharp.torch;

namespace Forecast.Models.Ttm;

/// <summary>Tiny Time Mixers: zero-shot from published weights, fitted further on the panel, or from nothing. See the folder's README.</summary>
public sealed class TtmForecaster(TtmOptions options, string name) : IForecaster
{
    private readonly TtmOptions _options = options.Validated();
    private readonly ConcurrentDictionary<string, Lazy<TtmPretrained>> _pretrained = new(StringComparer.Ordinal);

    public string Name => name;

    public FitScope Scope => _options.Tune == TtmTuning.None ? FitScope.Local : FitScope.Global;

    public PretrainingExposure Exposure => _options.FromScratch ? PretrainingExposure.Clean : PretrainingExposure.Unknown;

    public string? EngineOn(string device) => TorchDevice.Describe(device);

    public IFittedForecaster Fit(PanelView history, ForecastTask task, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(context);
        task.Validated();
        var device = TorchDevice.Open(context.Device);
        var start = _options.FromScratch ? null : Pretrained(device);
        SeriesView[] series = [.. history.Series.Where(s => LinearArLaw.Observed(s) > 0)];
        if (series.Length == 0) Lookback.Filled(history.Series[0].Target, history.Series[0].Id);
        var units = series.ToDictionary(s => s.Id, s => TtmUnit.Of(s.Target), StringComparer.Ordinal);
        if (_options.Tune == TtmTuning.None) return new TtmFitted(this, new TtmState(start!.Config, [], units, null, 1, null), start.Network, device, history);
        var (network, log) = new TtmFit(_options, name).Train(series, task, start, device, context);
        return new TtmFitted(this, new TtmState(network.Network.Config, network.Levels, units, log, _options.EffectiveBlend, null), network, device, history);
    }

    public IFittedForecaster Load(ModelArchive archive)
    {
        ArgumentNullException.ThrowIfNull(archive);
        return TtmFitted.Load(this, archive, TorchDevice.Open("cpu"));
    }

    internal TtmPretrained Pretrained(Device device) =>
        _pretrained.GetOrAdd(device.ToString(), _ => new Lazy<TtmPretrained>(() => TtmPretrained.Open(_options.Weights, name, device))).Value;
}

/// <summary>The unit that a series is read in: its mean and deviation over the rows that were fitted on.</summary>
public sealed record TtmUnit(double Mean, double Deviation)
{
    internal static TtmUnit Of(ReadOnlySpan<double> values)
    {
        double sum = 0, squares = 0;
        var count = 0;
        foreach (var v in values)
        {
            if (double.IsNaN(v)) continue;
            sum += v;
            count++;
        }

        if (count == 0) return new TtmUnit(0, 1);
        var mean = sum / count;
        foreach (var v in values) squares += double.IsNaN(v) ? 0 : (v - mean) * (v - mean);
        var deviation = Math.Sqrt(squares / count);
        return new TtmUnit(mean, deviation > 0 ? deviation : 1);
    }
}
