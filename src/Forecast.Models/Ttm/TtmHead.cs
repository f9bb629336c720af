using Forecast.Models.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Forecast.Models.Ttm;

/// <summary>Features to a forecast in units of the input: Linear(T dd, H) for each channel, then mixing over channels where there is any.</summary>
internal sealed class TtmHead : nn.Module
{
    private readonly TtmConfig _config;
    private readonly Linear _base;
    private readonly SeededDropout _dropout;
    private readonly TtmForecastMixing? _mixing;
    private readonly long[] _predicted;

    public TtmHead(TtmConfig config)
        : base(nameof(TtmHead))
    {
        _config = config;
        _predicted = [.. config.Predicted.Select(c => (long)c)];
        var width = config.UseDecoder ? config.DecoderWidth : config.Width;
        register_module("base_forecast_block", _base = nn.Linear(config.Tokens * width, config.PredictionLength));
        register_module("dropout_layer", _dropout = new SeededDropout(config.HeadDropout, "head"));
        if (config.ForecastMixing) register_module("fcm_block", _mixing = new TtmForecastMixing(config));
    }

    /// <param name="features">[B, C, T, dd].</param>
    /// <param name="past">[B, L, C], not scaled.</param>
    /// <param name="future">[B, at least the horizon, C], not scaled; only the exogenous channels are read.</param>
    /// <param name="watch">Told of intermediate results.</param>
    /// <returns>[B, horizon, predicted channels].</returns>
    public Tensor Run(Tensor features, Tensor past, Tensor? future, TtmWatch? watch)
    {
        var all = _base.call(_dropout.call(features.flatten(2)));
        watch?.Invoke("base_forecast_scaled", all);
        var forecast = Pick(all.transpose(1, 2)).narrow(1, 0, _config.Horizon);
        if (_mixing is null) return forecast;
        forecast = _mixing.Run(forecast, past, future);
        watch?.Invoke("reconciled_forecast_scaled", forecast);
        return forecast;
    }

    /// <summary>The predicted channels of [.., C].</summary>
    public Tensor Pick(Tensor channels)
    {
        if (_predicted.Length == channels.shape[^1] || (_config.PredictedChannels is null && _config.ExogenousChannels.Count == 0)) return channels;
        using var index = tensor(_predicted, device: channels.device);
        return channels.index_select(channels.dim() - 1, index);
    }
}

/// <summary>
/// Adds to each step what the steps around it say, over predicted channels and exogenous ones together: windows of 2 c + 1 rows, the
/// last rows of the past in front, zeros behind.
/// </summary>
internal sealed class TtmForecastMixing : nn.Module
{
    private readonly TtmConfig _config;
    private readonly Linear? _embed;
    private readonly TtmBlock? _mixer;
    private readonly TtmGate? _gate;
    private readonly Linear _out;
    private readonly long[] _order;
    private readonly int _window;

    public TtmForecastMixing(TtmConfig config)
        : base(nameof(TtmForecastMixing))
    {
        _config = config;
        _order = [.. config.Predicted.Concat(config.ExogenousChannels.Order()).Select(c => (long)c)];
        _window = (2 * config.ForecastMixingContext) + 1;
        var each = _window;
        if (config.ForecastMixingMixer)
        {
            each = 2 * _window;
            register_module("fcm_embedding", _embed = nn.Linear(_window, each));
            register_module("exog_mixer", _mixer = new TtmBlock(config, new TtmBlockShape(each, _order.Length, null, config.ForecastMixingLayers, 0), "forecast"));
        }

        register_module("mlp", _out = nn.Linear(_order.Length * each, config.Predicted.Count));
        if (config.ForecastMixingGated) register_module("fcm_gating_block", _gate = new TtmGate(_order.Length * each));
    }

    /// <param name="forecast">[B, horizon, predicted], scaled.</param>
    /// <param name="past">[B, L, C], not scaled.</param>
    /// <param name="future">[B, at least the horizon, C], not scaled.</param>
    public Tensor Run(Tensor forecast, Tensor past, Tensor? future)
    {
        var (steps, context) = (forecast.shape[1], _config.ForecastMixingContext);
        var rows = forecast;
        using var order = tensor(_order, device: forecast.device);
        if (_config.ExogenousChannels.Count > 0)
        {
            var known = future!.narrow(1, 0, steps).index_select(2, order.narrow(0, _config.Predicted.Count, _config.ExogenousChannels.Count));
            rows = cat([rows, known], -1);
        }

        var front = _config.ForecastMixingPast
            ? past.narrow(1, past.shape[1] - Offset - context, context).index_select(2, order)
            : zeros_like(rows.narrow(1, 0, context));
        rows = cat([front, rows, zeros([rows.shape[0], context, rows.shape[2]], rows.dtype, rows.device)], 1);
        var windows = rows.unfold(1, _window, 1);
        if (_embed is not null) windows = _mixer!.call(_embed.call(windows));
        var flat = windows.flatten(2);
        if (_gate is not null) flat = _gate.call(flat);
        return forecast + _out.call(flat);
    }

    /// <summary>With masked prediction the horizon stands at the end of the input and is no past.</summary>
    private int Offset => _config.ForecastMixingOffset + (_config.MaskedPrediction ? _config.PredictionLength : 0);
}
