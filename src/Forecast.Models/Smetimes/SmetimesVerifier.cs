using System.Globalization;
using System.Text;
using Forecast.Core;
using Forecast.Models.Language;
using Forecast.Models.Verification;
using Forecast.Models.Weights;
using NodaTime;
using NodaTime.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace Forecast.Models.Smetimes;

/// <summary>Golden files of SMETimes: the network on a Llama or GPT-2 backbone, and the wording of its prompts.</summary>
internal sealed class SmetimesVerifier : IGoldenVerifier
{
    private const string Source = "configuration in the header";
    private static readonly string[] Backbones = ["llama.", "gpt2."];

    public string Model => "smetimes";

    public IReadOnlyList<string> Families { get; } = ["hf", "prompt"];

    public bool Reads(string family, string? kind) => family is "prompt" || (family is "hf" && kind?.StartsWith("smetimes_", StringComparison.Ordinal) == true);

    public void Run(GoldenFile file, GoldenResults results)
    {
        if (string.Equals(file.Family, "prompt", StringComparison.Ordinal)) Prompts(file, results);
        else Network(file, results);
    }

    private static void Network(GoldenFile file, GoldenResults results)
    {
        if (!file.Config.TryGetProperty("llm", out var llm) || !file.Config.TryGetProperty("args", out var args)) throw new ForecastException("smetimes-config", $"{Source}: llm or args is missing", "llm");
        using var backbone = LanguageFiles.Load(llm, Source, file.Weights, ScalarType.Float32, file.Device, Frozen);
        foreach (var (_, parameter) in backbone.named_parameters()) parameter.requires_grad = false;
        using var network = new SmetimesNetwork(SmetimesConfig.Read(args, backbone.Width, Source));
        file.Weights.LoadInto(network, Trained);
        network.to(file.Device);
        network.eval();
        var (window, prompts, later) = (file.Input("x_enc").squeeze(-1), file.InputOrNone("x_mark_enc"), file.InputOrNone("y_mark"));
        using (no_grad())
        {
            results.Output("prediction", network.Run(window, prompts, x => backbone.Run(x), results.Mid).unsqueeze(-1));
            if (file.Config.TryGetProperty("rollout", out var horizon))
                results.Output("rollout", network.RollOut(window, prompts, horizon.GetInt64(), x => backbone.Run(x), later is null ? null : (i, _) => later.narrow(1, i, 1)).unsqueeze(-1));
            if (file.InputOrNone("prompt_token_ids") is { } tokens)
            {
                var hidden = backbone.Run(backbone.Embed(tokens));
                results.Output("prompt_embedding", hidden.select(1, hidden.shape[1] - 1));
            }
        }

        if (file.InputOrNone("target") is not { } target) return;
        var loss = (network.Run(window, prompts, x => backbone.Run(x)) - target.squeeze(-1)).square().mean();
        results.Output("train.mse_loss", loss);
        loss.backward();
        results.GradientNorms(network);
    }

    private static string? Frozen(string name) => GoldenFile.WeightName(name) is { } own && Array.Find(Backbones, p => own.StartsWith(p, StringComparison.Ordinal)) is { } prefix ? own[prefix.Length..] : null;

    /// <summary>Two scalars of the authors' files, <c>add_scale</c> and <c>_dummy</c>, change nothing.</summary>
    private static string? Trained(string name) => GoldenFile.WeightName(name) is { } own && own is not ("add_scale" or "_dummy") && !Array.Exists(Backbones, p => own.StartsWith(p, StringComparison.Ordinal)) ? own : null;

    private static void Prompts(GoldenFile file, GoldenResults results)
    {
        var (whole, label) = (file.Config.GetProperty("seq_len").GetInt32(), file.Config.GetProperty("label_len").GetInt32());
        foreach (var name in file.Config.GetProperty("files").EnumerateArray().Select(f => f.GetString()!))
        {
            var rows = Encoding.UTF8.GetString(file.Input($"csv_{name}").cpu().data<byte>().ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries)[1..];
            var values = rows.Select(r => double.Parse(r[(r.LastIndexOf(',') + 1)..], CultureInfo.InvariantCulture)).ToArray();
            var stamps = LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd HH:mm:ss");
            var step = Period.FromMinutes(name switch { "ETTh1" or "ETTh2" => 60, "ETTm1" or "ETTm2" => 15, _ => 10 });
            foreach (var index in file.Config.GetProperty("indices").EnumerateArray().Select(i => i.GetInt32()))
            {
                var at = index < 0 ? rows.Length + index : index;
                var prompt = SegmentPrompt.Of(stamps.Parse(rows[at].Split(',')[0]).Value, step, whole - label, values.AsSpan(at, Math.Min(whole - label, rows.Length - at)));
                var place = FormattableString.Invariant($"_at_{at}");
                results.Output($"{name}.prompt{place}", tensor(Encoding.UTF8.GetBytes(prompt.Text)));
                results.Output($"{name}.statistics{place}", tensor(new[] { prompt.Mean, prompt.Deviation, prompt.Change }));
            }
        }
    }
}
