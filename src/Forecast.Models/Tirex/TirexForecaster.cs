using System.Collections.Concurrent;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using Forecast.Models.Training;

namespace Forecast.Models.Tirex;

/// <summary>Zero-shot forecasts of published weights: nothing is learned from the history. See the folder's README.</summary>
public sealed class TirexForecaster(TirexOptions options, string name) : IForecaster
{
    private readonly ConcurrentDictionary<string, Lazy<TirexWeights>> _weights = new(StringComparer.Ordinal);

    public string Name => name;

    public FitScope Scope => FitScope.Global;

    public bool LearnsAcrossSeries => false;

    public PretrainingExposure Exposure => IsUntrained ? PretrainingExposure.Clean : PretrainingExposure.Unknown;

    internal TirexOptions Options => options;

    internal bool IsUntrained => string.Equals(options.Weights, TirexOptions.Untrained, StringComparison.OrdinalIgnoreCase);

    public string? EngineOn(string device) => TorchDevice.Describe(device);

    public IFittedForecaster Fit(PanelView history, ForecastTask task, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(context);
        task.Validated();
        return new TirexFitted(this, Weights(context.Device), history);
    }

    public IFittedForecaster Load(ModelArchive archive)
    {
        ArgumentNullException.ThrowIfNull(archive);
        return TirexFitted.Load(this, archive, Weights("cpu"));
    }

    /// <summary>Opened once a device. A failure is not kept: weights may be fetched in between.</summary>
    internal TirexWeights Weights(string device)
    {
        var place = TorchDevice.Resolve(device);
        var opened = _weights.GetOrAdd(place, p => new Lazy<TirexWeights>(() => TirexWeights.Open(options, name, TorchDevice.Open(p))));
        try
        {
            return opened.Value;
        }
        catch
        {
            _weights.TryRemove(new KeyValuePair<string, Lazy<TirexWeights>>(place, opened));
            throw;
        }
    }
}
