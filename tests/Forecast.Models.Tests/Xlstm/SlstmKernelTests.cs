using Forecast.Models.Engine;
using Forecast.Models.Training;
using Forecast.Models.Xlstm;
using static TorchSharp.torch;

namespace Forecast.Models.Tests.Xlstm;

/// <summary>The fused recurrence beside the plain one, for every width of vectors that this processor has.</summary>
public sealed class SlstmKernelTests
{
    private const double Cap = 15;
    private const double Rounding = 4e-6;

    public SlstmKernelTests() => TorchDevice.Open("cpu");

    /// <summary>Vectors, then batch, steps, heads, units.</summary>
    public static TheoryData<long, int, int, int, int> Shapes
    {
        get
        {
            var data = new TheoryData<long, int, int, int, int>();
            foreach (var lanes in new long[] { 4, 8, 16 })
            {
                data.Add(lanes, 1, 1, 1, 1);
                data.Add(lanes, 3, 7, 2, 5);
                data.Add(lanes, 13, 17, 4, 32);
                data.Add(lanes, 1, 9, 4, 128);
                data.Add(lanes, 55, 2, 2, 20);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void It_equals_the_plain_recurrence(long lanes, int batch, int steps, int heads, int units)
    {
        Assert.SkipWhen(lanes > NativeSlstm.Lanes(), "this processor has no such vectors");
        using var scope = NewDisposeScope();
        foreach (var given in new[] { false, true })
        {
            var input = Make(batch, steps, heads, units, given) with { ForgetCap = given ? Cap : double.PositiveInfinity };
            var (wanted, got) = (SlstmCell.Run(Wide(input)), NativeSlstm.Run(input, lanes));
            Difference(got.Hidden, wanted.Hidden).ShouldBeLessThan(Rounding);
            for (var part = 0; part < 4; part++) Difference(got.State[part], wanted.State[part]).ShouldBeLessThan(Rounding);
            Same(NativeSlstm.Run(input with { Packed = NativeSlstm.Pack(input.Recurrent, lanes) }).Hidden, got.Hidden);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Its_gradients_are_those_of_the_plain_recurrence(long lanes, int batch, int steps, int heads, int units)
    {
        Assert.SkipWhen(lanes > NativeSlstm.Lanes(), "this processor has no such vectors");
        using var scope = NewDisposeScope();
        foreach (var given in new[] { false, true })
        {
            var input = Make(batch, steps, heads, units, given) with { ForgetCap = given ? 0.5 : double.PositiveInfinity };
            var wide = Wide(input);
            var cotangent = Normal(99, 1, [batch, steps, heads * units]);
            foreach (var x in new[] { input.Gates, input.Recurrent, input.Bias, wide.Gates, wide.Recurrent, wide.Bias }) x.requires_grad = true;
            (NativeSlstm.Run(input, lanes).Hidden * cotangent).sum().backward();
            (SlstmCell.Run(wide).Hidden * cotangent).sum().backward();
            Difference(input.Gates.grad!, wide.Gates.grad!).ShouldBeLessThan(5 * Rounding);
            Difference(input.Bias.grad!, wide.Bias.grad!).ShouldBeLessThan(5 * Rounding);
            if (steps > 1) Difference(input.Recurrent.grad!, wide.Recurrent.grad!).ShouldBeLessThan(5 * Rounding);
        }
    }

    /// <summary>Central differences along random directions, in float64.</summary>
    [Theory]
    [InlineData(1, 8)]
    [InlineData(2, 8)]
    [InlineData(17, 32)]
    public void The_plain_recurrence_has_the_gradient_of_its_value(int steps, int units)
    {
        using var scope = NewDisposeScope();
        var input = Wide(Make(2, steps, 2, units, given: true)) with { ForgetCap = Cap };
        var cotangent = Normal(98, 1, [2, steps, 2 * units]).to(ScalarType.Float64);
        double Value(SlstmInput at) => (SlstmCell.Run(at).Hidden * cotangent).sum().item<double>();
        Tensor[] leaves = [input.Gates, input.Recurrent, input.Bias];
        foreach (var leaf in leaves) leaf.requires_grad = true;
        (SlstmCell.Run(input).Hidden * cotangent).sum().backward();
        using var frozen = no_grad();
        for (var which = 0; which < leaves.Length; which++)
        {
            var (leaf, place) = (leaves[which], which);
            var direction = Normal(50 + (ulong)which, 1, leaf.shape).to(ScalarType.Float64);
            const double Step = 1e-5;
            double At(double by)
            {
                var moved = leaf + (direction * by);
                return Value(place switch { 0 => input with { Gates = moved }, 1 => input with { Recurrent = moved }, _ => input with { Bias = moved } });
            }

            var wanted = (leaf.grad! * direction).sum().item<double>();
            ((At(Step) - At(-Step)) / (2 * Step)).ShouldBe(wanted, 1e-7 * Math.Max(1, Math.Abs(wanted)));
        }
    }

    [Theory]
    [InlineData(-50, 80)]
    [InlineData(-50, -80)]
    [InlineData(14.9f, 0)]
    [InlineData(15.1f, 0)]
    [InlineData(50, 80)]
    [InlineData(50, -80)]
    public void Extreme_gates_stay_finite_and_equal(float forget, float inputGate)
    {
        using var scope = NewDisposeScope();
        var input = Make(2, 5, 2, 8, given: false) with { ForgetCap = Cap };
        input.Gates.select(2, 0).fill_((TorchSharp.Scalar)inputGate);
        input.Gates.select(2, 1).fill_((TorchSharp.Scalar)forget);
        var (wanted, got) = (SlstmCell.Run(Wide(input)), NativeSlstm.Run(input));
        Difference(got.Hidden, wanted.Hidden).ShouldBeLessThan(1e-4);  // 80 in single precision has 8e-6 of its own
        got.State.isfinite().all().item<bool>().ShouldBeTrue();
        got.State[2].ge((TorchSharp.Scalar)1).all().item<bool>().ShouldBeTrue();
    }

    [Fact]
    public void Carried_states_continue_to_the_same_bits()
    {
        using var scope = NewDisposeScope();
        var input = Make(5, 128, 4, 32, given: false) with { ForgetCap = Cap };
        var whole = NativeSlstm.Run(input);
        var first = NativeSlstm.Run(input with { Gates = input.Gates.narrow(1, 0, 64) });
        var second = NativeSlstm.Run(input with { Gates = input.Gates.narrow(1, 64, 64), State = first.State });
        Same(cat([first.Hidden, second.Hidden], 1), whole.Hidden);
        Same(second.State, whole.State);
        Same(NativeSlstm.Run(input).Hidden, whole.Hidden);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(16)]
    public void A_series_has_the_same_bits_in_any_batch(long lanes)
    {
        Assert.SkipWhen(lanes > NativeSlstm.Lanes(), "this processor has no such vectors");
        using var scope = NewDisposeScope();
        var input = Make(61, 6, 2, 24, given: false);
        var all = NativeSlstm.Run(input, lanes);
        foreach (var (from, count) in new[] { (0, 1), (7, 2), (20, 3), (33, 5), (40, 21) })
            Same(NativeSlstm.Run(input with { Gates = input.Gates.narrow(0, from, count) }, lanes).Hidden, all.Hidden.narrow(0, from, count));
    }

    [Fact]
    public void A_missing_number_goes_on_as_in_the_plain_recurrence()
    {
        using var scope = NewDisposeScope();
        var input = Make(2, 4, 2, 8, given: false);
        input.Gates.select(0, 1).select(0, 1).select(0, 0).select(0, 0).narrow(0, 3, 1).fill_((TorchSharp.Scalar)float.NaN);
        var (wanted, got) = (SlstmCell.Run(input).Hidden, NativeSlstm.Run(input).Hidden);
        Same(got.isnan(), wanted.isnan());
        got.isnan().any().item<bool>().ShouldBeTrue();
        got[0].isfinite().all().item<bool>().ShouldBeTrue();
    }

    [Fact]
    public void A_kernel_packed_for_other_sizes_is_refused()
    {
        using var scope = NewDisposeScope();
        var input = Make(2, 4, 2, 8, given: false);
        Should.Throw<Exception>(() => NativeSlstm.Run(input with { Packed = NativeSlstm.Pack(Make(2, 4, 2, 32, given: false).Recurrent) })).Message.ShouldContain("packed");
    }

    private static SlstmInput Make(int batch, int steps, int heads, int units, bool given)
    {
        SlstmInput input = new(Normal(1, 1, [batch, steps, 4, heads, units]), Normal(2, 1 / Math.Sqrt(units), [heads, units, 4 * units]), Normal(3, 0.5, [4 * heads * units]));
        if (!given) return input;
        var state = Normal(4, 0.5, [4, batch, heads * units]);
        state[2].abs_().add_((TorchSharp.Scalar)1);
        return input with { State = state };
    }

    private static SlstmInput Wide(SlstmInput input) => input with
    {
        Gates = input.Gates.detach().to(ScalarType.Float64),
        Recurrent = input.Recurrent.detach().to(ScalarType.Float64),
        Bias = input.Bias.detach().to(ScalarType.Float64),
        State = input.State?.to(ScalarType.Float64),
    };

    private static Tensor Normal(ulong seed, double deviation, long[] shape)
    {
        using var generator = new Generator(seed);
        return randn(shape, generator: generator).mul_((TorchSharp.Scalar)deviation);
    }

    private static double Difference(Tensor got, Tensor wanted)
    {
        var largest = Math.Max(wanted.abs().max().item<double>(), 1e-30);
        return (got.to(ScalarType.Float64) - wanted).abs().max().item<double>() / largest;
    }

    private static void Same(Tensor a, Tensor b) => a.eq(b).all().item<bool>().ShouldBeTrue();
}
