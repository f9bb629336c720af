using Forecast.Models.Engine;
using Forecast.Models.Training;
using Forecast.Models.Xlstm;
using static Forecast.Models.Tests.Xlstm.MlstmCases;
using static TorchSharp.torch;

namespace Forecast.Models.Tests.Xlstm;

/// <summary>The fused chunkwise mLSTM beside the plain one in float64, for every width of vectors that this processor has.</summary>
public sealed class MlstmKernelTests
{
    private const double Rounding = 2e-5;

    public MlstmKernelTests() => TorchDevice.Open("cpu");

    /// <summary>Vectors, then batch, heads, steps, keys, values, chunk.</summary>
    public static TheoryData<long, int, int, int, int, int, int> Shapes
    {
        get
        {
            var data = new TheoryData<long, int, int, int, int, int, int>();
            foreach (var lanes in new long[] { 4, 8, 16 })
            {
                data.Add(lanes, 1, 1, 1, 1, 1, 4);
                data.Add(lanes, 2, 3, 23, 6, 4, 7);
                data.Add(lanes, 1, 2, 40, 32, 64, 64);
                data.Add(lanes, 2, 2, 130, 64, 32, 64);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void It_equals_the_plain_recurrence(long lanes, int batch, int heads, int steps, int keys, int values, int chunk)
    {
        Assert.SkipWhen(lanes > NativeSlstm.Lanes(), "this processor has no such vectors");
        using var scope = NewDisposeScope();
        foreach (var given in new[] { false, true })
        {
            var input = Make(batch, heads, steps, keys, values);
            var state = given ? State(batch, heads, keys, values) : null;
            NativeMlstm.Fits(input, state).ShouldBeTrue();
            var (got, after) = NativeMlstm.Run(input, state, chunk, lanes);
            var (wanted, last) = MlstmCell.Chunkwise(Wide(input), state is null ? null : Wide(state), chunk);
            Difference(got, wanted).ShouldBeLessThan(Rounding);
            Difference(after.C, last.C).ShouldBeLessThan(Rounding);
            Difference(after.N, last.N).ShouldBeLessThan(Rounding);
            Difference(after.M, last.M).ShouldBeLessThan(Rounding);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Its_gradients_are_those_of_the_plain_recurrence(long lanes, int batch, int heads, int steps, int keys, int values, int chunk)
    {
        Assert.SkipWhen(lanes > NativeSlstm.Lanes(), "this processor has no such vectors");
        using var scope = NewDisposeScope();
        foreach (var given in new[] { false, true })
        {
            var input = Make(batch, heads, steps, keys, values);
            var state = given ? State(batch, heads, keys, values) : null;
            var wide = Wide(input);
            var cotangent = Normal(99, [batch, heads, steps, values]);
            foreach (var x in Leaves(input).Concat(Leaves(wide))) x.requires_grad = true;
            (NativeMlstm.Run(input, state, chunk, lanes).Hidden * cotangent).sum().backward();
            (MlstmCell.Chunkwise(wide, state is null ? null : Wide(state), chunk).Hidden * cotangent).sum().backward();
            // One step from zeros gives sign(q k) v, which q and k hardly move: their gradients are rounding beside that of v.
            var largest = Leaves(wide).Max(x => x.grad!.abs().max().item<double>());
            foreach (var (got, wanted) in Leaves(input).Zip(Leaves(wide))) Difference(got.grad!, wanted.grad!, 1e-3 * largest).ShouldBeLessThan(5 * Rounding);
        }
    }

    /// <summary>Central differences of the plain recurrence along random directions, in float64.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void The_plain_recurrence_has_the_gradient_of_its_value(int chunk)
    {
        using var scope = NewDisposeScope();
        var input = Wide(Make(2, 2, 12, 5, 4));
        var cotangent = Normal(98, [2, 2, 12, 4]).to(ScalarType.Float64);
        double Value(MlstmInput at) => (MlstmCell.Chunkwise(at, null, chunk).Hidden * cotangent).sum().item<double>();
        foreach (var leaf in Leaves(input)) leaf.requires_grad = true;
        (MlstmCell.Chunkwise(input, null, chunk).Hidden * cotangent).sum().backward();
        using var frozen = no_grad();
        for (var which = 0; which < 5; which++)
        {
            var (leaf, place) = (Leaves(input)[which], which);
            var direction = Normal(50 + (ulong)which, leaf.shape).to(ScalarType.Float64);
            double At(double by)
            {
                var moved = leaf + (direction * by);
                return Value(place switch { 0 => input with { Q = moved }, 1 => input with { K = moved }, 2 => input with { V = moved }, 3 => input with { I = moved }, _ => input with { F = moved } });
            }

            const double Step = 1e-6;
            var wanted = (leaf.grad! * direction).sum().item<double>();
            ((At(Step) - At(-Step)) / (2 * Step)).ShouldBe(wanted, 1e-6 * Math.Max(1, Math.Abs(wanted)));
        }
    }

    [Fact]
    public void A_carried_state_continues_the_series_at_any_chunk()
    {
        using var scope = NewDisposeScope();
        var input = Make(2, 3, 50, 16, 16);
        var whole = NativeMlstm.Run(input, null, 64);
        var (first, state) = NativeMlstm.Run(Part(input, 0, 19), null, 8);
        var (second, last) = NativeMlstm.Run(Part(input, 19, 31), state, 8);
        Difference(cat([first, second], 2), whole.Hidden.to(ScalarType.Float64)).ShouldBeLessThan(Rounding);
        Difference(last.M, whole.State.M.to(ScalarType.Float64)).ShouldBeLessThan(Rounding);
        NativeMlstm.Run(input, null, 64).Hidden.eq(whole.Hidden).all().item<bool>().ShouldBeTrue();
    }

    [Theory]
    [InlineData(60, -40)]
    [InlineData(-60, 40)]
    [InlineData(-60, -60)]
    public void Extreme_gates_stay_finite_and_equal(float inputGate, float forget)
    {
        using var scope = NewDisposeScope();
        var input = Make(1, 2, 9, 8, 8);
        input.I.narrow(2, 3, 3).fill_((TorchSharp.Scalar)inputGate);
        input.F.narrow(2, 4, 3).fill_((TorchSharp.Scalar)forget);
        var (got, state) = NativeMlstm.Run(input, null, 4);
        Difference(got, MlstmCell.Chunkwise(Wide(input), null, 4).Hidden).ShouldBeLessThan(1e-4);
        state.C.isfinite().all().item<bool>().ShouldBeTrue();
    }

    [Fact]
    public void A_missing_number_in_a_gate_goes_on()
    {
        using var scope = NewDisposeScope();
        var input = Make(2, 1, 9, 8, 8);
        input.I.select(0, 1).narrow(1, 3, 1).fill_((TorchSharp.Scalar)float.NaN);
        var hidden = NativeMlstm.Run(input, null, 4).Hidden;
        hidden[0].isfinite().all().item<bool>().ShouldBeTrue();
        hidden[1].narrow(1, 3, 6).isnan().all().item<bool>().ShouldBeTrue();
        hidden[1].narrow(1, 0, 3).isfinite().all().item<bool>().ShouldBeTrue();
    }
}
