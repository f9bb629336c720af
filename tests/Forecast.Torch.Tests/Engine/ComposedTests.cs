using static TorchSharp.torch;

namespace Forecast.Torch.Tests.Engine;

/// <summary>Attention and RMS norm: the eager forms against sums written out, and against the native ones where there are any.</summary>
public class ComposedTests
{
    private static Tensor Wave(params long[] shape) => arange(NativeMemory.Elements(shape), float64, TestDevice.Device).mul(1.7).add(0.3).sin().view(shape);

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Attention_is_the_weighted_mean_of_values(bool causal, bool masked)
    {
        var (q, k, v) = (Wave(2, 3, 4), Wave(2, 5, 4) * 0.7, Wave(2, 5, 2) * 1.3);
        var mask = masked ? (Wave(3, 5) > -0.5) : null;
        var expected = Written(q, k, v, causal, mask, 0.5);
        Composed.EagerAttention(q, k, v, mask, 0, causal, null).ShouldBeNear([2, 3, 2], expected, 1e-12, "eager");
        Composed.Attention(q, k, v, mask, 0, causal).ShouldBeNear([2, 3, 2], expected, 1e-12, "chosen");
        Composed.Attention(q, k, v, mask, 0, causal, 0.9).ShouldBeNear([2, 3, 2], Written(q, k, v, causal, mask, 0.9), 1e-12, "scaled");
        if (masked) Composed.Attention(q, k, v, zeros(3, 5, float64, TestDevice.Device).masked_fill(mask!.logical_not(), -1e30)).ShouldBeNear([2, 3, 2], expected, 1e-12, "additive");
    }

    [Fact]
    public void Attention_takes_a_mask_or_causality() =>
        Should.Throw<ArgumentException>(() => Composed.Attention(Wave(1, 2, 2), Wave(1, 2, 2), Wave(1, 2, 2), Wave(2, 2), causal: true));

    [Fact]
    public void Attention_has_the_gradient_of_finite_differences()
    {
        var q = Wave(1, 2, 3).requires_grad_();
        var (k, v) = (Wave(1, 4, 3) * 0.4, Wave(1, 4, 2));
        double At(Tensor query) => Composed.EagerAttention(query, k, v, null, 0, false, null).square().sum().item<double>();
        Composed.EagerAttention(q, k, v, null, 0, false, null).square().sum().backward();
        var gradient = q.grad!.Numbers();
        using var none = no_grad();
        var values = q.Numbers();
        for (var i = 0; i < values.Length; i++)
        {
            double Moved(double by)
            {
                var moved = (double[])values.Clone();
                moved[i] += by;
                return At(tensor(moved, [1, 2, 3], device: TestDevice.Device));
            }

            ((Moved(1e-6) - Moved(-1e-6)) / 2e-6).ShouldBe(gradient[i], 1e-7);
        }
    }

    [Fact]
    public void Dropout_in_attention_drops_weights_and_scales_the_rest()
    {
        manual_seed(5);
        var kept = Composed.EagerAttention(Wave(1, 64, 4), Wave(1, 64, 4), ones(1, 64, 1, float64, TestDevice.Device), null, 0.5, false, null);
        kept.mean().item<double>().ShouldBe(1, 0.2);
        kept.std().item<double>().ShouldBeGreaterThan(0.01);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Rms_norm_divides_by_the_root_mean_square(bool weighted)
    {
        var x = Wave(2, 3, 4);
        var weight = weighted ? Wave(3, 4) + 2 : null;
        var numbers = x.Numbers();
        var scale = weight?.Numbers() ?? [.. Enumerable.Repeat(1.0, 12)];
        var expected = new double[24];
        for (var row = 0; row < 2; row++)
        {
            var square = 0.0;
            for (var i = 0; i < 12; i++) square += numbers[(row * 12) + i] * numbers[(row * 12) + i];
            for (var i = 0; i < 12; i++) expected[(row * 12) + i] = numbers[(row * 12) + i] / Math.Sqrt((square / 12) + 1e-3) * scale[i];
        }

        Composed.EagerRmsNorm(x, [3, 4], weight, 1e-3).ShouldBeNear([2, 3, 4], expected, 1e-12, "eager");
        Composed.RmsNorm(x, [3, 4], weight, 1e-3).ShouldBeNear([2, 3, 4], expected, 1e-12, "chosen");
        Composed.EagerRmsNorm(x.bfloat16(), [3, 4], weight?.bfloat16(), 1e-3).ShouldBeNear([2, 3, 4], expected, 2e-2, "bf16");
        Composed.RmsNorm(x.@float(), [3, 4]).ShouldBeNear([2, 3, 4], Composed.EagerRmsNorm(x, [3, 4], null, Math.Pow(2, -23)).Numbers(), 2e-6, "default eps");
    }

    [Fact]
    public void Rms_norm_over_other_dimensions_is_refused() =>
        Should.Throw<ArgumentException>(() => Composed.EagerRmsNorm(Wave(2, 3), [2], null, null)).Message.ShouldContain("[2] does not fit an input of [2, 3]");

    private static double[] Written(Tensor q, Tensor k, Tensor v, bool causal, Tensor? mask, double scale)
    {
        var (qs, ks, vs, allowed) = (q.Numbers(), k.Numbers(), v.Numbers(), mask?.Numbers());
        var result = new double[2 * 3 * 2];
        for (var batch = 0; batch < 2; batch++)
        {
            for (var i = 0; i < 3; i++)
            {
                var weights = new double[5];
                for (var j = 0; j < 5; j++)
                {
                    if ((causal && j > i) || (allowed is not null && allowed[(i * 5) + j] == 0)) continue;
                    var score = 0.0;
                    for (var e = 0; e < 4; e++) score += qs[(((batch * 3) + i) * 4) + e] * ks[(((batch * 5) + j) * 4) + e];
                    weights[j] = Math.Exp(score * scale);
                }

                for (var j = 0; j < 5; j++)
                {
                    for (var d = 0; d < 2; d++) result[(((batch * 3) + i) * 2) + d] += weights[j] / weights.Sum() * vs[(((batch * 5) + j) * 2) + d];
                }
            }
        }

        return result;
    }
}
