using System.Collections.Concurrent;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using Forecast.Models.LinearAr;
using Forecast.Models.Training;
using static TorchSharp.torch;

namespace Forecast.Models.Smetimes;

/// <summary>Forecasts through a frozen language model, with words about each segment. See the folder's README.</summary>
public sealed class SmetimesForecaster(SmetimesOptions options, string name) : IForecaster
{
    private readonly SmetimesOptions _options = options.Validated();
    private readonly ConcurrentDictionary<string, Lazy<Backbone>> _backbones = new(StringComparer.Ordinal);

    public string Name => name;

    public FitScope Scope => FitScope.Global;

    public bool ReadsNotes => _options.EffectivePrompts != PromptKind.None;

    /// <summary>The language model that ships was trained on children's stories; what others have read, nobody can say.</summary>
    public PretrainingExposure Exposure => !_options.HasLanguage || string.Equals(_options.Weights, SmetimesOptions.ShippedWeights, StringComparison.Ordinal) ? PretrainingExposure.Clean : PretrainingExposure.Unknown;

    public string? EngineOn(string device) => TorchDevice.Describe(device);

    public IFittedForecaster Fit(PanelView history, ForecastTask task, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(context);
        task.Validated();
        var device = TorchDevice.Open(context.Device);
        SeriesView[] series = [.. history.Series.Where(s => LinearArLaw.Observed(s) > 0)];
        if (series.Length == 0) Lookback.Filled(history.Series[0].Target, history.Series[0].Id);
        var shape = SmetimesShape.Of(_options, series, task);
        var backbone = _options.HasLanguage ? Open(device) : null;
        var (network, config, log, bands) = new SmetimesFit(_options, shape, series, backbone, device, name).Train(task.Horizon, context);
        var still = Array.TrueForAll(series, s => Lookback.IsConstant(Lookback.Filled(s.Target, s.Id)));
        return new SmetimesFitted(this, new SmetimesState(shape, config, bands, log, still, null), network, backbone, device, history);
    }

    public IFittedForecaster Load(ModelArchive archive)
    {
        ArgumentNullException.ThrowIfNull(archive);
        return SmetimesFitted.Load(this, archive, TorchDevice.Open("cpu"));
    }

    internal Backbone Open(Device device) => _backbones.GetOrAdd(
        device.ToString(),
        _ => new Lazy<Backbone>(() => Backbone.Open(_options.Weights, name, device, _options.HalfPrecision && device.type != TorchSharp.DeviceType.CPU))).Value;
}
