using System.Text.Json;
using Forecast.Models.Verification;
using Forecast.Models.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Forecast.Models.Tirex;

/// <summary>Golden files of TiRex: whole networks, and single blocks with their cell.</summary>
internal sealed class TirexVerifier : IGoldenVerifier
{
    private const string Block = "slstm";
    private const string ContextPrefix = "context_";

    private static readonly (string Name, bool BFloat16)[] Precisions = [("f32", false), ("bf16", true)];

    public string Model => "tirex";

    public IReadOnlyList<string> Families { get; } = ["tirex", Block];

    public void Run(GoldenFile file, GoldenResults results)
    {
        if (file.Family is Block) TirexBlockCases.Run(file, results);
        else Network(file, results);
    }

    private static void Network(GoldenFile file, GoldenResults results)
    {
        using var network = new TirexNetwork(TirexConfig.Read(file.Config, "configuration in the header"));
        file.Weights.LoadInto(network, name => GoldenFile.WeightName(name) is { } own ? TirexNetwork.ParameterName(own) : null);
        network.to(file.Device);
        network.eval();
        var horizons = Horizons(file.Config);
        foreach (var (precision, bfloat16) in Precisions)
        {
            foreach (var name in file.Inputs.Where(i => i.StartsWith(ContextPrefix, StringComparison.Ordinal)))
            {
                using var scope = NewDisposeScope();
                using var frozen = no_grad();
                var context = file.Input(name);
                foreach (var (horizon, patches) in horizons)
                {
                    var quantiles = TirexRollout.Run(network, context, horizon, patches, bfloat16);
                    results.Output($"{precision}.{name}.h{horizon}_r{patches}.quantiles", quantiles);
                    if (network.Config.Median >= 0) results.Output($"{precision}.{name}.h{horizon}_r{patches}.median", quantiles.select(2, network.Config.Median));
                }

                Inside(network, context, name, precision, bfloat16, results);
            }

            Embedding(network, file, precision, bfloat16, results);
        }

        if (file.HasInput("train.tokens")) Training(network, file, results);
    }

    private static void Inside(TirexNetwork network, Tensor context, string name, string precision, bool bfloat16, GoldenResults results)
    {
        var (tokens, loc, scale) = TirexContext.Of(TirexContext.Fit(context, network.Config.ContextLength), network.Config.Patch);
        results.Mid($"{name}.scaler_loc", loc);
        results.Mid($"{name}.scaler_scale", scale);
        results.Mid($"{name}.tokens", tokens);
        var embedded = network.Embed(tokens);
        results.Mid($"{precision}.{name}.embedded", embedded);
        var (features, _) = network.Stack(embedded, null, bfloat16, (what, value) =>
        {
            if (what is "0") results.Mid($"{precision}.{name}.after_block0", value);
            if (what is "0.layer.output") results.Mid($"{precision}.{name}.block0_slstm_layer", value);
        });
        results.Mid($"{precision}.{name}.after_last_block", features);
        var raw = network.Read(features);
        results.Mid($"{precision}.{name}.raw_quantiles_token_major", raw.reshape(raw.shape[0], raw.shape[1], -1));
    }

    /// <summary>The hidden states after every block, of the patches that hold part of the first context: [B, patch, block, d].</summary>
    private static void Embedding(TirexNetwork network, GoldenFile file, string precision, bool bfloat16, GoldenResults results)
    {
        var name = file.Inputs.FirstOrDefault(i => i.StartsWith(ContextPrefix, StringComparison.Ordinal));
        if (name is null) return;
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var context = file.Input(name);
        var config = network.Config;
        var tokens = TirexContext.Of(TirexContext.Fit(context, config.ContextLength), config.Patch).Tokens;
        var own = Math.Min((context.shape[1] + config.Patch - 1) / config.Patch, tokens.shape[1]);
        var layers = new List<Tensor>();
        network.Stack(network.Embed(tokens), null, bfloat16, (what, value) =>
        {
            if (!what.Contains('.')) layers.Add(value.narrow(1, value.shape[1] - own, own).clone().MoveToOuterDisposeScope());
        });
        results.Output($"{precision}.embed_context", stack(layers, 2));
    }

    /// <summary>The quantile loss of the next patch, and its gradients.</summary>
    private static void Training(TirexNetwork network, GoldenFile file, GoldenResults results)
    {
        using var scope = NewDisposeScope();
        var (values, mask) = (file.Input("train.tokens"), file.Input("train.input_mask"));
        var (target, observed) = (file.Input("train.target"), file.Input("train.target_mask"));
        var embedded = network.Embed(values.nan_to_num(), mask.to(values.dtype));
        var predictions = network.Read(network.Stack(embedded, null, false).Output).transpose(1, 2);
        results.Output("train.predictions", predictions);
        var loss = TirexLoss.Of(predictions, target, observed, network.Config.Quantiles);
        results.Output("train.loss", loss);
        loss.backward();
        results.GradientNorms(network);
        foreach (var (name, parameter) in network.named_parameters())
        {
            if (parameter.grad is { } gradient) results.Output($"train.gradnorm.{TirexNetwork.PublishedName(name)}", Math.Sqrt(gradient.to(ScalarType.Float64).square().sum().item<double>()));
        }
    }

    private static (int Horizon, int Patches)[] Horizons(JsonElement config) => config.TryGetProperty("_horizons", out var list)
        ? [.. list.EnumerateArray().Select(pair => (pair[0].GetInt32(), pair[1].GetInt32()))]
        : [];
}
