using System.Globalization;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using Forecast.Core.Numerics;
using Forecast.Models.LinearAr;
using Forecast.Models.Training;

namespace Forecast.Models.Lstm;

/// <summary>A recurrent network for the whole panel with a quantile head. See the folder's README.</summary>
public sealed class LstmForecaster(LstmOptions options, string name) : IForecaster
{
    private readonly LstmOptions _options = options.Validated();

    public string Name => name;

    public FitScope Scope => FitScope.Global;

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
        var shape = LstmShape.Of(_options, series, task, Array.Exists(series, s => LinearArLaw.Observed(s) < s.Length));
        using var panel = PanelTensor.Build(series, shape.Features, shape.Scaling, device);
        var fit = new LstmFit(shape, panel, series, _options, device, name);
        var (networks, logs) = (new LstmNetwork[_options.Seeds], new TrainingLog[_options.Seeds]);
        for (var i = 0; i < networks.Length; i++)
        {
            var seed = Seeds.Derive(context.Seed, "network", i.ToString(CultureInfo.InvariantCulture));
            (networks[i], logs[i]) = fit.Train(seed, Part(context, i));
        }

        var still = Array.TrueForAll(series, s => Lookback.IsConstant(Lookback.Filled(s.Target, s.Id)));
        return new LstmFitted(this, new LstmState(shape, [.. series.Select(s => s.Id)], logs) { Still = still }, networks, device, history);
    }

    public IFittedForecaster Load(ModelArchive archive)
    {
        ArgumentNullException.ThrowIfNull(archive);
        return LstmFitted.Load(this, archive, TorchDevice.Open("cpu"));
    }

    /// <summary>The progress of one network as that of the whole fit.</summary>
    private FitContext Part(FitContext context, int network) => context.Progress is { } whole && _options.Seeds > 1
        ? context with { Progress = new PartProgress(whole, network, _options.Seeds) }
        : context;
}
