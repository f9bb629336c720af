using Forecast.Models.Engine;
using Forecast.Models.Tests.Training;
using Forecast.Models.Tirex;
using Forecast.Models.Training;
using Forecast.Models.Xlstm;
using TorchSharp;
using static TorchSharp.torch;

namespace Forecast.Models.Tests.Tirex;

/// <summary>The fused blocks beside the plain ones, on the tests' device.</summary>
public sealed class TirexStackTests
{
    private readonly Device _device = TorchDevice.Open(TestDevice.Name);

    [Theory]
    [InlineData(64, 4, 1, 1)]
    [InlineData(64, 2, 5, 7)]
    [InlineData(256, 4, 3, 12)]
    [InlineData(512, 4, 9, 4)]
    public void They_give_what_the_plain_blocks_give(int width, int heads, int batch, int steps)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var network = Network(width, heads);
        foreach (var bfloat16 in _device.type == DeviceType.CUDA ? new[] { false, true } : [false])
        {
            using var fused = Fuse(network, heads, bfloat16);
            var input = Normal(7, 1, [batch, steps, width]);
            var kept = input.clone();
            var most = bfloat16 ? 3e-2 : 1e-4;
            var (wanted, states) = network.Stack(input, null, false, keepStates: true);
            var (got, after) = fused.Run(input, null);
            Same(input, kept);
            Difference(got, wanted).ShouldBeLessThan(most);
            Difference(after, stack(states)).ShouldBeLessThan(most);

            var more = Normal(8, 1, [batch, steps, width]);
            Difference(fused.Run(more, after).Output, network.Stack(more, after.unbind(0), false).Output).ShouldBeLessThan(most);
            var shared = after.narrow(2, 0, 1);
            var each = shared.expand(shared.shape[0], 4, batch, width).unbind(0);
            Difference(fused.Run(more, shared).Output, network.Stack(more, each, false).Output).ShouldBeLessThan(most);
        }
    }

    /// <summary>From contexts to quantiles; a network remembers what empty patches in front leave behind.</summary>
    [Fact]
    public void A_frozen_network_forecasts_what_the_plain_one_does()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        foreach (var bfloat16 in _device.type == DeviceType.CUDA ? new[] { false, true } : [false])
        {
            var network = Network(64, 4);
            var context = Normal(9, 1, [5, 2048]).cumsum(1).to(ScalarType.Float64);
            var wanted = TirexRollout.Run(network, context, 40, 1, false);
            network.Freeze(bfloat16);
            var got = TirexRollout.Run(network, context, 40, 1, bfloat16, tokens => network.Features(tokens, null, bfloat16).Output);
            var spread = context.std(1, unbiased: true, keepdim: true).unsqueeze(2);
            ((got - wanted).abs() / spread).max().item<double>().ShouldBeLessThan(bfloat16 ? 5e-2 : 1e-4);
        }
    }

    [Fact]
    public void Rows_that_fill_no_vector_are_worked_out_as_well()
    {
        Assert.SkipWhen(_device.type != DeviceType.CPU, "CUDA has heads of 16, 32, 64 and 128 units");
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var network = Network(44, 4);
        using var fused = Fuse(network, 4, bfloat16: false);
        var input = Normal(7, 1, [3, 6, 44]);
        Difference(fused.Run(input, null).Output, network.Stack(input, null, false).Output).ShouldBeLessThan(1e-4);
    }

    /// <summary>Whatever stands beside it, and however the rows fall into tiles. CUDA's library chooses its products by the batch.</summary>
    [Fact]
    public void A_series_gives_the_same_bits_in_any_batch()
    {
        Assert.SkipWhen(_device.type != DeviceType.CPU, "products on CUDA are a library's");
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using var fused = Fuse(Network(128, 4), 4, bfloat16: false);
        var input = Normal(7, 1, [45, 9, 128]);
        var (whole, states) = fused.Run(input, null);
        foreach (var (from, count) in new[] { (0, 1), (3, 2), (17, 8), (20, 25) })
        {
            var (part, after) = fused.Run(input.narrow(0, from, count), null);
            Same(part, whole.narrow(0, from, count));
            Same(after, states.narrow(2, from, count));
        }
    }

    [Fact]
    public void What_has_no_kernel_is_left_to_the_plain_blocks()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var network = Network(44, 4);
        var shape = Shape(4, bfloat16: _device.type == DeviceType.CPU);
        TensorEngine.Current.FuseStack(shape, []).ShouldBeNull();
        if (_device.type == DeviceType.CUDA) network.to(_device);
        using var fused = TensorEngine.Current.FuseStack(shape, [.. network.Blocks.Select(b => b.Weights())]);
        fused.ShouldBeNull();
    }

    private static SlstmStackShape Shape(int heads, bool bfloat16) => new(heads, TirexBlock.ForgetCap, RootMeanSquareNorm.Eps, OffsetNorm.Eps, bfloat16);

    private static ISlstmStack Fuse(TirexNetwork network, int heads, bool bfloat16) =>
        TensorEngine.Current.FuseStack(Shape(heads, bfloat16), [.. network.Blocks.Select(b => b.Weights())]).ShouldNotBeNull();

    private TirexNetwork Network(int width, int heads)
    {
        var network = new TirexNetwork(new TirexConfig { Width = width, Heads = heads, Blocks = 2, Hidden = 64 });
        using var generator = new Generator(5);
        foreach (var (name, parameter) in network.named_parameters())
        {
            parameter.requires_grad = false;
            if (parameter.dim() > 1) parameter.normal_(0, 1 / Math.Sqrt(parameter.shape[^1]), generator);
            else if (name.Contains("norm", StringComparison.Ordinal)) parameter.add_(randn(parameter.shape, generator: generator).mul_((Scalar)0.2));
            else parameter.normal_(0, 0.3, generator);
        }

        network.to(_device);
        return network;
    }

    private Tensor Normal(ulong seed, double deviation, long[] shape)
    {
        using var generator = new Generator(seed);
        return randn(shape, generator: generator).mul_((Scalar)deviation).to(_device);
    }

    private static double Difference(Tensor got, Tensor wanted) => ((got - wanted).abs().max() / wanted.abs().max()).item<float>();

    private static void Same(Tensor a, Tensor b) => a.eq(b).all().item<bool>().ShouldBeTrue();
}
