using Forecast.Core;
using Forecast.Models.Verification;
using Forecast.Models.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Forecast.Models.Xlstm;

/// <summary>Golden files of the xLSTM package: language models, stacks, the mLSTM recurrence alone, and the xLSTM-large form.</summary>
internal sealed class XlstmVerifier : IGoldenVerifier
{
    private const string Source = "configuration in the header";
    private const string LargeKind = "xlstm_large";

    public string Model => "xlstm";

    public IReadOnlyList<string> Families { get; } = ["xlstm", "hf"];

    /// <summary>The hub's own library (family <c>hf</c>) has many networks; only its xLSTM-large is one of these.</summary>
    public bool Reads(string family, string? kind) => family is "xlstm" || (family is "hf" && kind is LargeKind);

    public void Run(GoldenFile file, GoldenResults results)
    {
        switch (file.Kind)
        {
            case "lm": LanguageModel(file, results); break;
            case "stack": Stack(file, results); break;
            case "mlstm_cell_math": Cell(file, results); break;
            case LargeKind: Large(file, results); break;
            case { } other: throw new ForecastException("xlstm-config", $"{Source}: _kind is '{other}'; known are lm, stack, mlstm_cell_math and xlstm_large", "_kind");
            default: throw new ForecastException("xlstm-config", $"{Source} names no _kind", "_kind");
        }
    }

    private static void LanguageModel(GoldenFile file, GoldenResults results)
    {
        var config = XlstmConfig.Read(file.Config, Source);
        using var network = new XlstmLanguageModel(config);
        file.Weights.LoadInto(network, name => config.TiedHead && name is "lm_head.weight" ? null : GoldenFile.WeightName(name));
        network.to(file.Device);
        var tokens = file.Input("tokens");
        using (no_grad())
        {
            results.Output("parallel", network.Run(tokens, null, MlstmForm.Parallel, results.Mid).Logits);
            XlstmState[]? states = null;
            var steps = new List<Tensor>();
            for (var t = 0; t < tokens.shape[1]; t++)
            {
                (var logits, states) = network.Run(tokens.narrow(1, t, 1), states, MlstmForm.Recurrent);
                steps.Add(logits);
            }

            results.Output("step_by_step", cat(steps, 1));
            States(states!, results);
        }

        var given = network.Run(tokens, null, MlstmForm.Parallel).Logits;
        var last = tokens.shape[1] - 1;
        var loss = nn.functional.cross_entropy(given.narrow(1, 0, last).reshape(-1, config.Vocabulary), tokens.narrow(1, 1, last).reshape(-1));
        results.Output("train.next_token_cross_entropy", loss);
        loss.backward();
        results.GradientNorms(network);
    }

    private static void Stack(GoldenFile file, GoldenResults results)
    {
        using var network = new XlstmStack(XlstmConfig.Read(file.Config, Source));
        file.Weights.LoadInto(network, GoldenFile.WeightName);
        network.to(file.Device);
        var x = file.Input("x");
        using (no_grad())
        {
            results.Output("parallel", network.Run(x, null, MlstmForm.Parallel, results.Mid).Output);
            XlstmState[]? states = null;
            var steps = new List<Tensor>();
            for (var t = 0; t < x.shape[1]; t++)
            {
                (var output, states) = network.Run(x.narrow(1, t, 1), states, MlstmForm.Recurrent);
                steps.Add(output);
            }

            results.Output("step_by_step", cat(steps, 1));
            States(states!, results);
        }

        var loss = (network.Run(x, null, MlstmForm.Parallel).Output - file.Input("target")).square().mean();
        results.Output("train.mse_loss", loss);
        loss.backward();
        results.GradientNorms(network);
    }

    /// <summary>The package scales keys, so its C and n are ours divided by sqrt(K).</summary>
    private static void States(XlstmState[] states, GoldenResults results)
    {
        for (var i = 0; i < states.Length; i++)
        {
            var (place, state) = ($"final_state.block_{i}", states[i]);
            if (state.Slstm is { } slstm) results.Mid($"{place}.slstm_state", slstm);
            if (state.Convolution is { } convolution) results.Mid($"{place}.conv_state.0", convolution);
            if (state.Mlstm is not { } mlstm) continue;
            var root = Math.Sqrt(mlstm.C.shape[2]);
            results.Mid($"{place}.mlstm_state.0", mlstm.C / root);
            results.Mid($"{place}.mlstm_state.1", (mlstm.N / root).unsqueeze(-1));
            results.Mid($"{place}.mlstm_state.2", mlstm.M.unsqueeze(-1).unsqueeze(-1));
        }
    }

    private static void Cell(GoldenFile file, GoldenResults results)
    {
        using var frozen = no_grad();
        var input = new MlstmInput(file.Input("q"), file.Input("k"), file.Input("v"), file.Input("igate_preact").squeeze(-1), file.Input("fgate_preact").squeeze(-1));
        var keys = new ConfigKeys(file.Config, Source, "xlstm-config");
        results.Output("parallel", MlstmCell.Parallel(input));
        var (hidden, state) = MlstmCell.Recurrent(input, null);
        var root = Math.Sqrt(input.K.shape[3]);
        results.Output("recurrent", hidden);
        results.Output("recurrent_final_C", state.C / root);
        results.Output("recurrent_final_n", (state.N / root).unsqueeze(-1));
        results.Output("recurrent_final_m", state.M.unsqueeze(-1).unsqueeze(-1));
        (hidden, state) = MlstmCell.Chunkwise(input, null, keys.Count("chunk_size"));
        results.Output("chunkwise", hidden);
        results.Output("chunkwise_final_C", state.C);
        results.Output("chunkwise_final_n", state.N);
        results.Output("chunkwise_final_m", state.M.unsqueeze(-1).unsqueeze(-1));
    }

    private static void Large(GoldenFile file, GoldenResults results)
    {
        if (!file.Config.TryGetProperty("xl", out var json)) throw new ForecastException("xlstm-config", $"{Source}: xl is missing", "xl");
        using var network = new XlstmLarge(XlstmLargeConfig.Read(json, Source));
        file.Weights.LoadInto(network, GoldenFile.WeightName);
        network.to(file.Device);
        using var frozen = no_grad();
        var tokens = file.Input("input_ids");
        var (logits, states) = network.Run(tokens, null, MlstmForm.Chunkwise);
        results.Output("logits", logits);
        for (var i = 0; i < states.Length; i++)
        {
            results.Mid($"final_state.{i}.C", states[i].C);
            results.Mid($"final_state.{i}.n", states[i].N);
            results.Mid($"final_state.{i}.m", states[i].M.unsqueeze(-1));
        }

        MlstmState[]? carried = null;
        var steps = new List<Tensor>();
        for (var t = 0; t < tokens.shape[1]; t++)
        {
            (var one, carried) = network.Run(tokens.narrow(1, t, 1), carried, MlstmForm.Recurrent);
            steps.Add(one);
        }

        results.Output("logits_token_by_token", cat(steps, 1));
    }
}
