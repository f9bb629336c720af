using System.Security.Cryptography;
using Forecast.Core;
using Forecast.Models.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Forecast.Models.Ttm;

/// <summary>Published weights that forecast each series by itself, ready on a device; shared by all fits of a forecaster.</summary>
internal sealed class TtmPretrained
{
    private readonly Lazy<string> _hash;

    private TtmPretrained(TtmQuantileNetwork network, string file)
    {
        Network = network;
        _hash = new Lazy<string>(() =>
        {
            using var stream = File.OpenRead(file);
            return Convert.ToHexStringLower(SHA256.HashData(stream));
        });
    }

    public TtmConfig Config => Network.Network.Config;

    public TtmQuantileNetwork Network { get; }

    /// <summary>SHA-256 of the file of weights (of its index, where there are several).</summary>
    public string Hash => _hash.Value;

    /// <exception cref="ForecastException">The folder or a file is missing or damaged, or the network needs several channels at once.</exception>
    public static TtmPretrained Open(string weights, string model, Device device)
    {
        var folder = ModelFolder.Find(weights, model);
        var config = TtmCheckpoint.ReadConfig(folder);
        var mixes = config.MixChannels || config.DecoderMixesChannels || config.ForecastMixing || config.MaskedPrediction;
        if (mixes || config.ExogenousChannels.Count + config.Categories.Count > 0 || config.PredictedChannels is not null)
            throw new ForecastException("weights-channels", $"model '{model}': these weights read {config.Channels} channels together; here each series is forecast by itself, with weights of decoder_mode common_channel and no exogenous channels", "weights");
        using var file = WeightFile.Open(folder);
        var network = new TtmQuantileNetwork(config, []);
        try
        {
            file.LoadInto(network.Network);
        }
        catch
        {
            network.Dispose();
            throw;
        }

        network.to(device);
        network.eval();
        return new TtmPretrained(network, file.Path);
    }

    /// <summary>Moves a fitted network back towards these weights: share * fitted + (1 - share) * published.</summary>
    public void Blend(TtmNetwork network, double share)
    {
        if (share >= 1) return;
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var published = Network.Network.named_parameters().ToDictionary(p => p.name, p => p.parameter, StringComparer.Ordinal);
        foreach (var (name, parameter) in network.named_parameters().Where(p => p.parameter.requires_grad))
            parameter.copy_((share * parameter) + ((1 - share) * published[name]));
    }

    public void CopyTo(TtmNetwork network)
    {
        using var frozen = no_grad();
        network.load_state_dict(Network.Network.state_dict());
    }
}
