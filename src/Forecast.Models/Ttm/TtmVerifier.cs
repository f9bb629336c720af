using System.Security.Cryptography;
using Forecast.Core;
using Forecast.Models.Verification;
using Forecast.Models.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Forecast.Models.Ttm;

/// <summary>Golden files of Tiny Time Mixers: each case is a forward pass; <c>train</c> repeats the first one with gradients.</summary>
internal sealed class TtmVerifier : IGoldenVerifier
{
    private const string Published = "pretrained_ttm";
    private const string TrainingCase = "a_full";

    public string Model => "ttm";

    public IReadOnlyList<string> Families { get; } = ["ttm", Published];

    public void Run(GoldenFile file, GoldenResults results)
    {
        using var network = new TtmNetwork(Configuration(file));
        file.Weights.LoadInto(network, GoldenFile.WeightName);
        network.to(file.Device);
        network.eval();
        var cases = file.Inputs.Select(i => i[..i.IndexOf('.', StringComparison.Ordinal)]).Distinct(StringComparer.Ordinal).ToArray();
        foreach (var name in cases)
        {
            using var scope = NewDisposeScope();
            using var frozen = no_grad();
            var output = network.Run(Input(file, name), (mid, value) => results.Mid($"{name}.{mid}", value));
            results.Output($"{name}.prediction_outputs", output.Forecast);
            if (Loss(file, network, name, output) is { } loss) results.Output($"{name}.loss", loss);
        }

        if (!file.Expects("golden.output.train.loss")) return;
        var training = Loss(file, network, TrainingCase, network.Run(Input(file, TrainingCase)))!;
        results.Output("train.loss", training);
        training.backward();
        results.GradientNorms(network);
    }

    private static TtmInput Input(GoldenFile file, string name) => new(file.Input($"{name}.past_values"))
    {
        Observed = file.InputOrNone($"{name}.past_observed_mask"),
        Future = file.InputOrNone($"{name}.future_values"),
        Frequency = file.InputOrNone($"{name}.freq_token"),
        Categories = file.InputOrNone($"{name}.static_categorical_values"),
    };

    private static Tensor? Loss(GoldenFile file, TtmNetwork network, string name, TtmOutput output)
    {
        if (file.InputOrNone($"{name}.future_values") is not { } future) return null;
        var observed = file.InputOrNone($"{name}.future_observed_mask");
        return TtmLoss.Of(network.Config, output.Forecast, network.Targets(future), observed is null ? null : network.Targets(observed));
    }

    /// <summary>Of the golden file; of the folder beside it where the file holds results only.</summary>
    private static TtmConfig Configuration(GoldenFile file)
    {
        var own = file.Config;
        if (!own.TryGetProperty("model_sha256", out var wanted)) return TtmConfig.Read(own, "configuration in the header");
        if (file.WeightsPath is not { } folder)
            throw new ForecastException("weights-missing", $"{Path.GetFileName(file.Path)} holds results only; name the folder of their weights with --weights", "weights");
        var found = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file.Weights.Path)));
        if (!string.Equals(found, wanted.GetString(), StringComparison.OrdinalIgnoreCase))
            throw new ForecastException("weights-other", $"{Path.GetFileName(file.Path)} was made with other weights: {Path.GetFileName(file.Weights.Path)} has the SHA-256 {found}, not {wanted.GetString()}", "weights");
        return TtmCheckpoint.ReadConfig(folder);
    }
}
