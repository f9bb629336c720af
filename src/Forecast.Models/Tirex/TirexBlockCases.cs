using Forecast.Models.Verification;
using Forecast.Models.Weights;
using Forecast.Models.Xlstm;
using TorchSharp;
using static TorchSharp.torch;

namespace Forecast.Models.Tirex;

/// <summary>One block of a golden file: its cell alone (from zeros, from a given state, in two halves), the block, and all gradients.</summary>
internal static class TirexBlockCases
{
    public static void Run(GoldenFile file, GoldenResults results)
    {
        var keys = new ConfigKeys(file.Config, "configuration in the header", "tirex-config");
        var (width, heads) = (keys.Count("embedding_dim"), keys.Count("num_heads"));
        using var block = new TirexBlock(width, heads, keys.Number("ffn_proj_factor", new TirexConfig().FeedForwardFactor));
        file.Weights.LoadInto(block, GoldenFile.WeightName);
        block.to(file.Device);
        foreach (var (precision, bfloat16) in new[] { ("f32", false), ("bf16", true) })
        {
            using var scope = NewDisposeScope();
            using var frozen = no_grad();
            Cell(file, block, precision, bfloat16, heads, results);
            var output = block.Run(file.Input("x"), null, bfloat16, (name, value) => results.Mid($"{precision}.{name}", value)).Output;
            results.Output($"{precision}.block", output);
        }

        Gradients(file, block, results);
    }

    private static void Cell(GoldenFile file, TirexBlock block, string precision, bool bfloat16, int heads, GoldenResults results)
    {
        var flat = file.Input("gates");
        var (batch, steps) = (flat.shape[0], flat.shape[1]);
        var gates = flat.view(batch, steps, 4, heads, flat.shape[2] / (4 * heads));
        SlstmOutput From(Tensor? state, long start, long count) => block.Layer.Recur(gates.narrow(1, start, count), state, bfloat16);
        void Give(string name, Tensor hidden, Tensor? state)
        {
            results.Output($"{precision}.cell.{name}.y", hidden.view(batch, steps, heads, -1).transpose(1, 2));
            if (state is not null) results.Output($"{precision}.cell.{name}.final_state", state);
        }

        var zero = From(null, 0, steps);
        Give("zero_start", zero.Hidden, zero.State);
        var given = From(file.Input("start_state"), 0, steps);
        Give("given_start", given.Hidden, given.State);
        var first = From(null, 0, steps / 2);
        Give("two_halves", cat([first.Hidden, From(first.State, steps / 2, steps - (steps / 2)).Hidden], 1), null);
    }

    private static void Gradients(GoldenFile file, TirexBlock block, GoldenResults results)
    {
        using var scope = NewDisposeScope();
        var x = file.Input("x").requires_grad_();
        var dot = (block.Run(x, null, false).Output * file.Input("cotangent")).sum();
        results.Output("train.dot_with_cotangent", dot);
        dot.backward();
        results.Output("train.grad_x", x.grad!);
        foreach (var (name, parameter) in block.named_parameters()) results.Output($"train.grad.{name}", parameter.grad!);
    }
}
