using static TorchSharp.torch;

namespace Forecast.Models.Xlstm;

/// <summary>What the sLSTM recurrence reads. H heads of D units; the four gates stand in the order input, forget, candidate, output.</summary>
/// <param name="Gates">[B, T, 4, H, D]: what the inputs give each gate; strides are free as long as units lie side by side.</param>
/// <param name="Recurrent">[H, D, 4 D]: from the units of a head to its gates.</param>
/// <param name="Bias">[4 H D], by head, then gate, then unit.</param>
internal sealed record SlstmInput(Tensor Gates, Tensor Recurrent, Tensor Bias)
{
    /// <summary>[4, B, H D]: h, c, n, m to start from; null = zeros.</summary>
    public Tensor? State { get; init; }

    /// <summary>The kernel as <see cref="Engine.ITensorEngine.PackSlstm"/> laid it out, where weights stay as they are; else null.</summary>
    public Tensor? Packed { get; init; }

    /// <summary>Greatest forget pre-activation; infinite = none.</summary>
    public double ForgetCap { get; init; } = double.PositiveInfinity;

    /// <summary>Whether gate inputs, kernel, recurrent product and states are rounded to bfloat16, as the published TiRex cell does.</summary>
    public bool BFloat16 { get; init; }
}

/// <summary>What it gives.</summary>
/// <param name="Hidden">[B, T, H D].</param>
/// <param name="State">[4, B, H D]: h, c, n, m after the last step.</param>
internal sealed record SlstmOutput(Tensor Hidden, Tensor State);

/// <summary>
/// The sLSTM recurrence (Beck et al. 2024, xLSTM), step by step in plain tensors: the reference for the fused kernels.
/// <code>
/// raw = gates + R h + bias              f' = m + logsigmoid(min(raw_f, cap))
/// m' = max(raw_i, f')                   m' = raw_i while every n is 0
/// i = exp(raw_i - m')                   f = exp(f' - m')
/// c' = f c + i tanh(raw_z)              n' = f n + i              h' = sigmoid(raw_o) c' / n'
/// </code>
/// Only h enters the recurrence, and only within its own head.
/// </summary>
internal static class SlstmCell
{
    public static SlstmOutput Run(SlstmInput input)
    {
        using var scope = NewDisposeScope();
        var shape = input.Gates.shape;
        var (batch, steps, heads, units) = (shape[0], shape[1], shape[3], shape[4]);
        Tensor Round(Tensor x) => input.BFloat16 ? x.to(ScalarType.BFloat16).to(x.dtype) : x;
        var kernel = Round(input.Recurrent);
        var bias = input.Bias.view(heads, 4, units).transpose(0, 1);
        var gates = Round(input.Gates);
        long[] own = [batch, heads, units];
        var start = input.State?.reshape(4, batch, heads, units);
        var (h, c, n, m) = start is null
            ? (gates.new_zeros(own), gates.new_zeros(own), gates.new_zeros(own), gates.new_zeros(own))
            : (start[0], start[1], start[2], start[3]);
        var first = start is null || n.detach().eq((TorchSharp.Scalar)0).all().item<bool>();
        var hidden = new Tensor[steps];
        for (var t = 0; t < steps; t++)
        {
            var recurrent = Round(h.transpose(0, 1).matmul(kernel)).view(heads, batch, 4, units).permute(1, 2, 0, 3);
            var raw = gates.select(1, t) + recurrent + bias;
            var (rawI, rawF) = (raw.select(1, 0), raw.select(1, 1));
            var kept = m + nn.functional.logsigmoid(double.IsInfinity(input.ForgetCap) ? rawF : rawF.clamp_max(input.ForgetCap));
            m = first ? rawI : maximum(rawI, kept);
            var i = (rawI - m).exp().clamp_max(1);
            var f = (kept - m).exp().clamp_max(1);
            c = (f * c) + (i * raw.select(1, 2).tanh());
            n = (f * n) + i;
            h = Round(raw.select(1, 3).sigmoid() * c / n);
            (c, n, m) = (Round(c), Round(n), Round(m));
            hidden[t] = h.reshape(batch, heads * units);
            first = false;
        }

        var state = stack([h, c, n, m]).reshape(4, batch, heads * units);
        return new SlstmOutput(stack(hidden, 1).MoveToOuterDisposeScope(), state.MoveToOuterDisposeScope());
    }
}
