using Forecast.Models.Engine;
using Forecast.Models.Tests.Training;
using Forecast.Models.Training;
using Forecast.Models.Xlstm;
using TorchSharp;
using static TorchSharp.torch;

namespace Forecast.Models.Tests.Xlstm;

/// <summary>
/// The fused recurrence on the tests' device (<c>FORECAST_TEST_DEVICE</c>, else the CPU) beside the plain one in float64, with heads of
/// the sizes that the CUDA kernels have.
/// </summary>
public sealed class SlstmDeviceTests
{
    private const double Cap = 15;

    private readonly Device _device = TorchDevice.Open(TestDevice.Name);

    /// <summary>Products in bfloat16 or not, then batch, steps, heads, units.</summary>
    public static TheoryData<bool, int, int, int, int> Shapes
    {
        get
        {
            var data = new TheoryData<bool, int, int, int, int>();
            foreach (var bfloat16 in new[] { false, true })
            {
                data.Add(bfloat16, 1, 1, 1, 16);
                data.Add(bfloat16, 9, 5, 2, 32);
                data.Add(bfloat16, 3, 17, 3, 64);
                data.Add(bfloat16, 17, 23, 4, 128);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Values_are_those_of_the_plain_recurrence(bool bfloat16, int batch, int steps, int heads, int units)
    {
        Assert.SkipWhen(bfloat16 && _device.type != DeviceType.CUDA, "bfloat16 products are CUDA's");
        using var scope = NewDisposeScope();
        foreach (var given in new[] { false, true })
        {
            var input = Make(batch, steps, heads, units, given) with { BFloat16 = bfloat16 };
            NativeSlstm.Fits(input).ShouldBeTrue();
            var (got, wanted) = (NativeSlstm.Run(input), SlstmCell.Run(Wide(input)));
            Difference(got.Hidden, wanted.Hidden).ShouldBeLessThan(bfloat16 ? 1.5e-2 : 2e-5);
            for (var part = 0; part < 4; part++) Difference(got.State[part], wanted.State[part]).ShouldBeLessThan(bfloat16 ? 2e-2 : 2e-5);
            if (NativeSlstm.Pack(input.Recurrent, bfloat16: bfloat16) is { } packed) Same(NativeSlstm.Run(input with { Packed = packed }).Hidden, got.Hidden);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Gradients_are_those_of_the_plain_recurrence(bool bfloat16, int batch, int steps, int heads, int units)
    {
        Assert.SkipWhen(bfloat16 && _device.type != DeviceType.CUDA, "bfloat16 products are CUDA's");
        using var scope = NewDisposeScope();
        foreach (var given in new[] { false, true })
        {
            // At the cap the gradient jumps, and rounding to bfloat16 moves gates across it.
            var input = Make(batch, steps, heads, units, given) with { ForgetCap = given && !bfloat16 ? 0.5 : double.PositiveInfinity, BFloat16 = bfloat16 };
            var wide = Wide(input);
            var cotangent = Normal(99, 1, [batch, steps, heads * units]);
            foreach (var x in new[] { input.Gates, input.Recurrent, input.Bias, wide.Gates, wide.Recurrent, wide.Bias }) x.requires_grad = true;
            (NativeSlstm.Run(input).Hidden * cotangent).sum().backward();
            (SlstmCell.Run(wide).Hidden * cotangent.cpu()).sum().backward();
            var most = bfloat16 ? 3e-2 : 5e-5;
            Difference(input.Gates.grad!, wide.Gates.grad!).ShouldBeLessThan(most);
            Difference(input.Bias.grad!, wide.Bias.grad!).ShouldBeLessThan(most);
            if (steps > 1 || given) Difference(input.Recurrent.grad!, wide.Recurrent.grad!).ShouldBeLessThan(most);
        }
    }

    /// <summary>Central differences of the fused recurrence itself along random directions, in float32.</summary>
    [Fact]
    public void Gradients_are_those_of_its_value()
    {
        using var scope = NewDisposeScope();
        var input = Make(4, 12, 2, 32, given: true);
        var cotangent = Normal(98, 1, [4, 12, 64]);
        double Value(SlstmInput at) => (NativeSlstm.Run(at).Hidden * cotangent).to(ScalarType.Float64).sum().item<double>();
        Tensor[] leaves = [input.Gates, input.Recurrent, input.Bias];
        foreach (var leaf in leaves) leaf.requires_grad = true;
        (NativeSlstm.Run(input).Hidden * cotangent).sum().backward();
        using var frozen = no_grad();
        for (var which = 0; which < leaves.Length; which++)
        {
            var (leaf, place) = (leaves[which], which);
            var direction = Normal(50 + (ulong)which, 1, leaf.shape);
            double At(double by)
            {
                var moved = leaf + (direction * by);
                return Value(place switch { 0 => input with { Gates = moved }, 1 => input with { Recurrent = moved }, _ => input with { Bias = moved } });
            }

            const double Step = 2e-3;
            var wanted = (leaf.grad! * direction).to(ScalarType.Float64).sum().item<double>();
            ((At(Step) - At(-Step)) / (2 * Step)).ShouldBe(wanted, 5e-3 * Math.Max(1, Math.Abs(wanted)));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_series_has_the_same_bits_alone_and_carried_on(bool bfloat16)
    {
        Assert.SkipWhen(bfloat16 && _device.type != DeviceType.CUDA, "bfloat16 products are CUDA's");
        using var scope = NewDisposeScope();
        var input = Make(19, 40, 4, 64, given: false) with { BFloat16 = bfloat16 };
        var whole = NativeSlstm.Run(input);
        var first = NativeSlstm.Run(input with { Gates = input.Gates.narrow(1, 0, 15) });
        var second = NativeSlstm.Run(input with { Gates = input.Gates.narrow(1, 15, 25), State = first.State });
        Same(cat([first.Hidden, second.Hidden], 1), whole.Hidden);
        Same(second.State, whole.State);
        Same(NativeSlstm.Run(input with { Gates = input.Gates.narrow(0, 11, 3) }).Hidden, whole.Hidden.narrow(0, 11, 3));
    }

    [Fact]
    public void Mixed_precision_learns_through_the_fused_recurrence()
    {
        Assert.SkipWhen(_device.type != DeviceType.CUDA, "gates in bfloat16 are CUDA's");
        using var scope = NewDisposeScope();
        var input = Make(6, 9, 2, 32, given: false);
        var halved = input with { Gates = input.Gates.to(ScalarType.BFloat16) };
        foreach (var x in new[] { input.Gates, halved.Gates }) x.requires_grad = true;
        NativeSlstm.Fits(halved).ShouldBeTrue();
        NativeSlstm.Run(input).Hidden.sum().backward();
        NativeSlstm.Run(halved).Hidden.sum().backward();
        halved.Gates.grad!.dtype.ShouldBe(ScalarType.BFloat16);
        Difference(halved.Gates.grad!, input.Gates.grad!.to(ScalarType.Float64).cpu()).ShouldBeLessThan(3e-2);
    }

    private SlstmInput Make(int batch, int steps, int heads, int units, bool given)
    {
        SlstmInput input = new(Normal(1, 1, [batch, steps, 4, heads, units]), Normal(2, 1 / Math.Sqrt(units), [heads, units, 4 * units]), Normal(3, 0.5, [4 * heads * units])) { ForgetCap = Cap };
        if (!given) return input;
        var state = Normal(4, 0.5, [4, batch, heads * units]);
        state[2].abs_().add_((Scalar)1);
        return input with { State = state };
    }

    private static SlstmInput Wide(SlstmInput input)
    {
        Tensor Plain(Tensor x) => x.detach().to(ScalarType.Float64).cpu();
        return input with { Gates = Plain(input.Gates), Recurrent = Plain(input.Recurrent), Bias = Plain(input.Bias), State = input.State is { } state ? Plain(state) : null, BFloat16 = false };
    }

    private Tensor Normal(ulong seed, double deviation, long[] shape)
    {
        using var generator = new Generator(seed);
        return randn(shape, generator: generator).mul_((Scalar)deviation).to(_device);
    }

    private static double Difference(Tensor got, Tensor wanted)
    {
        var largest = Math.Max(wanted.abs().max().item<double>(), 1e-30);
        return (got.to(ScalarType.Float64).cpu() - wanted).abs().max().item<double>() / largest;
    }

    private static void Same(Tensor a, Tensor b) => a.eq(b).all().item<bool>().ShouldBeTrue();
}
