using static TorchSharp.torch;

namespace Forecast.Models.Xlstm;

/// <summary>Matrix memory of H heads: C = sum of decayed k v^T, n = sum of decayed k, both times exp(-m).</summary>
/// <param name="C">[B, H, K, V].</param>
/// <param name="N">[B, H, K].</param>
/// <param name="M">[B, H].</param>
internal sealed record MlstmState(Tensor C, Tensor N, Tensor M);

/// <summary>What the mLSTM recurrence reads.</summary>
/// <param name="Q">[B, H, T, K], unscaled.</param>
/// <param name="K">[B, H, T, K].</param>
/// <param name="V">[B, H, T, V].</param>
/// <param name="I">[B, H, T], pre-activation.</param>
/// <param name="F">[B, H, T], pre-activation.</param>
internal sealed record MlstmInput(Tensor Q, Tensor K, Tensor V, Tensor I, Tensor F);

/// <summary>
/// The mLSTM recurrence (Beck et al. 2024, xLSTM) in three forms that agree to rounding.
/// <code>
/// m' = max(logsigmoid(f) + m, i)        C' = exp(logsigmoid(f) + m - m') C + exp(i - m') k v^T        n' likewise with k
/// h' = C'^T q' / (max(|n'^T q'|, exp(-m')) + 1e-6),  q' = q / sqrt(K)
/// </code>
/// States start from zeros, m = 0. Keys are kept unscaled: an implementation that scales k instead of q holds C and n divided by sqrt(K).
/// </summary>
internal static class MlstmCell
{
    private const double Eps = 1e-6;

    /// <summary>Step by step.</summary>
    public static (Tensor Hidden, MlstmState State) Recurrent(MlstmInput input, MlstmState? state)
    {
        using var scope = NewDisposeScope();
        var q = Scaled(input.Q);
        var decay = nn.functional.logsigmoid(input.F);
        var (c, n, m) = state ?? Zeros(input);
        var hidden = new Tensor[q.shape[2]];
        for (var t = 0; t < hidden.Length; t++)
        {
            var (kept, given) = (decay.select(2, t) + m, input.I.select(2, t));
            m = maximum(kept, given);
            var (f, i) = ((kept - m).exp().unsqueeze(-1), (given - m).exp().unsqueeze(-1));
            var k = input.K.select(2, t);
            c = (f.unsqueeze(-1) * c) + ((i * k).unsqueeze(-1) * input.V.select(2, t).unsqueeze(-2));
            n = (f * n) + (i * k);
            var query = q.select(2, t).unsqueeze(-2);
            var norm = maximum(query.matmul(n.unsqueeze(-1)).squeeze(-1).abs(), (-m).exp().unsqueeze(-1)) + Eps;
            hidden[t] = query.matmul(c).squeeze(-2) / norm;
        }

        var last = new MlstmState(c.MoveToOuterDisposeScope(), n.MoveToOuterDisposeScope(), m.MoveToOuterDisposeScope());
        return (stack(hidden, 2).MoveToOuterDisposeScope(), last);
    }

    /// <summary>All steps at once, from zeros: T x T scores, no state.</summary>
    public static Tensor Parallel(MlstmInput input)
    {
        using var scope = NewDisposeScope();
        var sums = nn.functional.logsigmoid(input.F).cumsum(2);
        var weights = Future(sums.unsqueeze(3) - sums.unsqueeze(2) + input.I.unsqueeze(2));
        var m = weights.amax([3], keepdim: true);
        var scores = Scaled(input.Q).matmul(input.K.transpose(2, 3)) * (weights - m).exp();
        var norm = maximum(scores.sum(3, keepdim: true).abs(), (-m).exp()) + Eps;
        return (scores.matmul(input.V) / norm).MoveToOuterDisposeScope();
    }

    /// <summary>Chunk by chunk: scores within a chunk, the state between chunks.</summary>
    public static (Tensor Hidden, MlstmState State) Chunkwise(MlstmInput input, MlstmState? state, int chunk)
    {
        using var scope = NewDisposeScope();
        var q = Scaled(input.Q);
        var decay = nn.functional.logsigmoid(input.F);
        var (c, n, m) = state ?? Zeros(input);
        var hidden = new List<Tensor>();
        for (var (from, steps) = (0L, q.shape[2]); from < steps; from += chunk)
        {
            var length = Math.Min(chunk, steps - from);
            Tensor Part(Tensor x) => x.narrow(2, from, length);
            var (query, key, value, given) = (Part(q), Part(input.K), Part(input.V), Part(input.I));
            var sums = Part(decay).cumsum(2);
            var weights = Future(sums.unsqueeze(3) - sums.unsqueeze(2) + given.unsqueeze(2));
            var carried = sums + m.unsqueeze(2);
            var top = maximum(weights.amax([3]), carried).unsqueeze(3);
            var scores = query.matmul(key.transpose(2, 3)) * (weights - top).exp();
            var share = (carried.unsqueeze(3) - top).exp();
            var norm = scores.sum(3, keepdim: true) + (share * query.matmul(n.unsqueeze(3)));
            hidden.Add((scores.matmul(value) + (share * query.matmul(c))) / (maximum(norm.abs(), (-top).exp()) + Eps));

            var total = sums.narrow(2, length - 1, 1);
            var into = total - sums + given;
            var next = maximum((total + m.unsqueeze(2)).squeeze(2), into.amax([2]));
            var (kept, w) = ((total.squeeze(2) + m - next).exp(), (into - next.unsqueeze(2)).exp().unsqueeze(3) * key);
            c = (kept.unsqueeze(2).unsqueeze(3) * c) + w.transpose(2, 3).matmul(value);
            n = (kept.unsqueeze(2) * n) + w.sum(2);
            m = next;
        }

        var last = new MlstmState(c.MoveToOuterDisposeScope(), n.MoveToOuterDisposeScope(), m.MoveToOuterDisposeScope());
        return (cat(hidden, 2).MoveToOuterDisposeScope(), last);
    }

    private static Tensor Scaled(Tensor q) => q / Math.Sqrt(q.shape[3]);

    /// <summary>Minus infinity above the diagonal: no step sees a later one.</summary>
    private static Tensor Future(Tensor weights)
    {
        var later = ones([weights.shape[2], weights.shape[3]], ScalarType.Bool, weights.device).triu(1);
        return weights.masked_fill(later, double.NegativeInfinity);
    }

    private static MlstmState Zeros(MlstmInput input)
    {
        var (batch, heads, k, v) = (input.K.shape[0], input.K.shape[1], input.K.shape[3], input.V.shape[3]);
        return new MlstmState(input.K.new_zeros([batch, heads, k, v]), input.K.new_zeros([batch, heads, k]), input.K.new_zeros([batch, heads]));
    }
}
