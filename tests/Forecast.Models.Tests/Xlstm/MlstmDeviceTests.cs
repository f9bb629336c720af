using Forecast.Models.Engine;
using Forecast.Models.Tests.Training;
using Forecast.Models.Training;
using Forecast.Models.Xlstm;
using static Forecast.Models.Tests.Xlstm.MlstmCases;
using static TorchSharp.torch;

namespace Forecast.Models.Tests.Xlstm;

/// <summary>The fused chunkwise mLSTM on the tests' device beside the plain one on the processor in float64; the last sizes are more than a block of CUDA holds at 64 steps.</summary>
public sealed class MlstmDeviceTests
{
    private const double Rounding = 2e-5;

    private readonly Device _device = TorchDevice.Open(TestDevice.Name);

    [Theory]
    [InlineData(1, 1, 1, 1, 1, 4)]
    [InlineData(2, 3, 23, 6, 4, 7)]
    [InlineData(3, 2, 130, 64, 32, 64)]
    [InlineData(2, 2, 100, 40, 72, 64)]
    [InlineData(1, 2, 80, 96, 128, 64)]
    public void Values_and_gradients_are_those_of_the_plain_recurrence(int batch, int heads, int steps, int keys, int values, int chunk)
    {
        using var scope = NewDisposeScope();
        foreach (var given in new[] { false, true })
        {
            var (plain, start) = (Make(batch, heads, steps, keys, values), given ? State(batch, heads, keys, values) : null);
            var (input, wide) = (On(plain), Wide(plain));
            var state = start is null ? null : new MlstmState(start.C.to(_device), start.N.to(_device), start.M.to(_device));
            NativeMlstm.Fits(input, state).ShouldBeTrue();
            var cotangent = Normal(99, [batch, heads, steps, values]);
            foreach (var x in Leaves(input).Concat(Leaves(wide))) x.requires_grad = true;
            var (got, after) = NativeMlstm.Run(input, state, chunk);
            var (wanted, last) = MlstmCell.Chunkwise(wide, start is null ? null : Wide(start), chunk);
            Difference(got.cpu(), wanted).ShouldBeLessThan(Rounding);
            Difference(after.C.cpu(), last.C).ShouldBeLessThan(Rounding);
            Difference(after.N.cpu(), last.N).ShouldBeLessThan(Rounding);
            Difference(after.M.cpu(), last.M).ShouldBeLessThan(Rounding);

            (got * cotangent.to(_device)).sum().backward();
            (wanted * cotangent).sum().backward();
            var largest = Leaves(wide).Max(x => x.grad!.abs().max().item<double>());
            foreach (var (mine, plainly) in Leaves(input).Zip(Leaves(wide))) Difference(mine.grad!.cpu(), plainly.grad!, 1e-3 * largest).ShouldBeLessThan(5 * Rounding);
        }
    }

    [Fact]
    public void The_same_call_gives_the_same_bits()
    {
        using var scope = NewDisposeScope();
        var cotangent = Normal(99, [4, 2, 70, 32]).to(_device);
        (Tensor Hidden, Tensor[] Gradients) Once()
        {
            var input = On(Make(4, 2, 70, 32, 32));
            foreach (var x in Leaves(input)) x.requires_grad = true;
            var hidden = NativeMlstm.Run(input, null, 64).Hidden;
            (hidden * cotangent).sum().backward();
            return (hidden.detach(), [.. Leaves(input).Select(x => x.grad!)]);
        }

        var (first, second) = (Once(), Once());
        first.Hidden.eq(second.Hidden).all().item<bool>().ShouldBeTrue();
        foreach (var (a, b) in first.Gradients.Zip(second.Gradients)) a.eq(b).all().item<bool>().ShouldBeTrue();
    }

    [Fact]
    public void A_missing_number_in_a_gate_goes_on_in_its_series_alone()
    {
        using var scope = NewDisposeScope();
        var input = Make(2, 1, 9, 8, 8);
        input.I.select(0, 1).narrow(1, 3, 1).fill_((TorchSharp.Scalar)float.NaN);
        var hidden = NativeMlstm.Run(On(input), null, 4).Hidden.cpu();
        hidden[0].isfinite().all().item<bool>().ShouldBeTrue();
        hidden[1].narrow(1, 3, 6).isnan().all().item<bool>().ShouldBeTrue();
        hidden[1].narrow(1, 0, 3).isfinite().all().item<bool>().ShouldBeTrue();
    }

    /// <summary>A head too wide for a block goes through the plain recurrence, on whichever device it lies.</summary>
    [Fact]
    public void Wide_heads_are_worked_out_as_well()
    {
        using var scope = NewDisposeScope();
        var plain = Make(1, 1, 5, 256, 256);
        Difference(TensorEngine.Current.Mlstm(On(plain), null, 64).Hidden.cpu(), MlstmCell.Chunkwise(Wide(plain), null, 64).Hidden).ShouldBeLessThan(1e-4);
    }

    private MlstmInput On(MlstmInput x) => new(x.Q.to(_device), x.K.to(_device), x.V.to(_device), x.I.to(_device), x.F.to(_device));
}
