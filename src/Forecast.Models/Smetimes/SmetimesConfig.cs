using System.Text.Json;
using Forecast.Core;
using Forecast.Models.Weights;

namespace Forecast.Models.Smetimes;

/// <summary>Sizes of the trained parts, by the names of the authors' arguments.</summary>
/// <param name="Segment">Rows in a segment, <c>token_len</c>.</param>
/// <param name="Width">Width of the language model.</param>
/// <param name="Experts">Square maps that share a position; 0 = none, the decoder reads the language model itself.</param>
/// <param name="Prompts">Whether embeddings of prompts are mixed in, <c>mix_embeds</c>.</param>
/// <param name="Layers">Layers of the maps into and out of the language model; below 2 they are single linear maps.</param>
/// <param name="Hidden">Width between those layers.</param>
/// <param name="Dropout">Between those layers, in training.</param>
/// <param name="Activation">Between those layers: <c>tanh</c>, <c>relu</c> or <c>gelu</c>.</param>
internal sealed record SmetimesConfig(int Segment, int Width, int Experts, bool Prompts, int Layers, int Hidden, double Dropout, string Activation)
{
    /// <exception cref="ForecastException">A key is missing or has a value that cannot be.</exception>
    public static SmetimesConfig Read(JsonElement json, int width, string source)
    {
        var keys = new ConfigKeys(json, source, "smetimes-config");
        var config = new SmetimesConfig(
            keys.Count("token_len"), width, keys.Count("num_experts", 1), keys.Flag("mix_embeds", true), keys.Count("mlp_hidden_layers", 0, least: 0), keys.Count("mlp_hidden_dim", 512),
            keys.Number("dropout", 0), keys.Text("mlp_activation", "tanh"));
        if (config.Activation is not ("tanh" or "relu" or "gelu")) throw keys.Wrong("mlp_activation", $"is '{config.Activation}'; known are tanh, relu and gelu");
        return config.Dropout is >= 0 and < 1 ? config : throw keys.Wrong("dropout", $"is {config.Dropout}; a number from 0 to below 1 is wanted");
    }
}
