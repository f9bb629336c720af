using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Forecast.Models.Ttm;

/// <summary>Features [B, C, T, d] to [B, C, T, dd]: another width, the raw patches, static categories as further channels, mixers.</summary>
internal sealed class TtmDecoder : nn.Module
{
    private readonly TtmConfig _config;
    private readonly Linear? _adapter;
    private readonly Linear? _raw;
    private readonly Embedding[] _categories;
    private readonly TtmBlock _mixers;

    public TtmDecoder(TtmConfig config)
        : base(nameof(TtmDecoder))
    {
        _config = config;
        if (config.Width != config.DecoderWidth) register_module("adapter", _adapter = nn.Linear(config.Width, config.DecoderWidth));
        if (config.RawResidual) register_module("decoder_raw_embedding", _raw = nn.Linear(config.PatchLength, config.DecoderWidth));
        _categories = [.. config.Categories.Select(count => nn.Embedding(count, config.DecoderWidth))];
        if (_categories.Length > 0) register_module("decoder_cat_embedding_layer", new Named(_categories));
        var channels = config.Channels + _categories.Length;
        var shape = new TtmBlockShape(config.DecoderWidth, config.Tokens, config.DecoderMixesChannels ? channels : null, config.DecoderLayers, config.DecoderLevels);
        register_module("decoder_block", _mixers = new TtmBlock(config, shape, "decoder"));
    }

    /// <param name="features">[B, C, T, d] of the encoder.</param>
    /// <param name="patches">[B, C, P, p], scaled.</param>
    /// <param name="categories">[B, categories]: the number of each.</param>
    /// <param name="watch">Told of intermediate results.</param>
    public Tensor Run(Tensor features, Tensor patches, Tensor? categories, TtmWatch? watch)
    {
        var x = features;
        if (_adapter is not null)
        {
            x = _adapter.call(x);
            watch?.Invoke("decoder_adapter", x);
        }

        if (_raw is not null)
        {
            var own = _config.FrequencyPrefix ? cat([zeros_like(patches.narrow(2, 0, 1)), patches], 2) : patches;
            x += _raw.call(own);
        }

        var channels = x.shape[1];
        if (_categories.Length > 0) x = cat([x, .. _categories.Select((table, i) => Channel(table, categories!.select(1, i)))], 1);
        watch?.Invoke("decoder_input", x);
        x = _mixers.call(x);
        return _categories.Length > 0 ? x.narrow(1, 0, channels) : x;
    }

    private Tensor Channel(Embedding table, Tensor numbers) => table.call(numbers.to(ScalarType.Int64)).unsqueeze(1).unsqueeze(1).expand(-1, 1, _config.Tokens, -1);

    /// <summary>The level of names that published files have here.</summary>
    private sealed class Named : nn.Module
    {
        public Named(Embedding[] tables)
            : base(nameof(Named)) => register_module("embedding_layers", nn.ModuleList(tables));
    }
}
