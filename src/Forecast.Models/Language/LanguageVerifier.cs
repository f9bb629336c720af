using System.Text;
using System.Text.Json;
using Forecast.Core;
using Forecast.Models.Language.Tokens;
using Forecast.Models.Verification;
using static TorchSharp.torch;

namespace Forecast.Models.Language;

/// <summary>Golden files of language models: token numbers, embeddings and padded batches in; logits, hidden states, greedy text out.</summary>
internal sealed class LanguageVerifier : IGoldenVerifier
{
    private const string Source = "configuration in the header";
    private const string Vocabulary = "tok512.bin";
    private static readonly string[] Kinds = ["llama", "qwen2", "mistral", "gpt2", "opt"];

    public string Model => "lm";

    public IReadOnlyList<string> Families { get; } = ["hf", "stories"];

    public bool Reads(string family, string? kind) => family is "stories" || (family is "hf" && Array.Exists(Kinds, k => kind?.StartsWith(k, StringComparison.Ordinal) == true));

    public void Run(GoldenFile file, GoldenResults results)
    {
        if (string.Equals(file.Family, "stories", StringComparison.Ordinal))
        {
            Stories(file, results);
            return;
        }

        if (!file.Config.TryGetProperty("llm", out var config)) throw new ForecastException("language-config", $"{Source}: llm is missing", "llm");
        using var network = LanguageFiles.Load(config, Source, file.Weights, ScalarType.Float32, file.Device, GoldenFile.WeightName);
        using (no_grad())
        {
            foreach (var name in file.Inputs.Select(n => n.Split('.')[0]).Distinct(StringComparer.Ordinal).Where(n => n is not "train")) Case(file, results, network, name);
        }

        if (file.HasInput("train.input_ids")) Train(file, results, network);
    }

    private static void Case(GoldenFile file, GoldenResults results, LanguageModel network, string name)
    {
        using var scope = NewDisposeScope();
        var embeddings = file.InputOrNone($"{name}.inputs_embeds") ?? network.Embed(file.Input($"{name}.input_ids"));
        var hidden = network.Run(embeddings, file.InputOrNone($"{name}.attention_mask"), watch: (place, value) => results.Mid($"{name}.{place}", value));
        results.Output($"{name}.last_hidden_state", hidden);
        results.Output($"{name}.logits", network.Logits(hidden));
        if (!file.Expects($"golden.output.{name}.logits_token_by_token")) return;
        using var cache = new KeyValueCache(network);
        var steps = Enumerable.Range(0, (int)embeddings.shape[1]).Select(t => network.Logits(network.Run(embeddings.narrow(1, t, 1), cache: cache))).ToList();
        results.Output($"{name}.logits_token_by_token", cat(steps, 1));
    }

    private static void Train(GoldenFile file, GoldenResults results, LanguageModel network)
    {
        var tokens = file.Input("train.input_ids");
        var loss = NextTokenLoss(network, tokens, network.Run(network.Embed(tokens)));
        results.Output("train.next_token_cross_entropy", loss);
        loss.backward();
        results.GradientNorms(network);
    }

    private static Tensor NextTokenLoss(LanguageModel network, Tensor tokens, Tensor hidden)
    {
        var last = tokens.shape[1] - 1;
        return nn.functional.cross_entropy(network.Logits(hidden).narrow(1, 0, last).reshape(-1, network.Vocabulary), tokens.narrow(1, 1, last).reshape(-1));
    }

    /// <summary>Texts through a tokeniser and its network, and the begin token continued; weights and vocabulary lie in a folder beside.</summary>
    private static void Stories(GoldenFile file, GoldenResults results)
    {
        if (file.WeightsPath is not { } folder || !File.Exists(Path.Combine(folder, Vocabulary)))
            throw new ForecastException("weights-missing", $"this file holds texts only; name the folder with the network and its {Vocabulary} by --weights", "weights");
        var tokenizer = Llama2cTokenizer.Open(Path.Combine(folder, Vocabulary));
        using var network = LanguageFiles.Open(folder, ScalarType.Float32, file.Device);
        using var frozen = no_grad();
        foreach (var name in file.Inputs)
        {
            using var scope = NewDisposeScope();
            var ids = tokenizer.Encode(Encoding.UTF8.GetString(file.Input(name).cpu().data<byte>().ToArray()));
            var tokens = tensor(ids, [1, ids.Length]).to(file.Device);
            var hidden = network.Run(network.Embed(tokens));
            results.Output($"{name}.ids", tokens[0]);
            results.Output($"{name}.last_hidden_state", hidden[0]);
            results.Output($"{name}.logits_last", network.Logits(hidden[0][-1]));
            if (ids.Length > 1) results.Output($"{name}.next_token_cross_entropy", NextTokenLoss(network, tokens, hidden));
        }

        var count = file.Config.TryGetProperty("greedy", out var wanted) && wanted.ValueKind == JsonValueKind.Number ? wanted.GetInt32() : 0;
        long[] all = [1, .. GreedyText.Continue(network, [[1]], count, cached: true)[0]];
        results.Output("greedy.ids", tensor(all));
        results.Output("greedy.text", tensor(Encoding.UTF8.GetBytes(tokenizer.Decode(all))));
    }
}
