using TorchSharp;
using static TorchSharp.torch;

namespace Forecast.Torch.Tests.Tensors;

public class IndexingTests
{
    private static Tensor Cube() => arange(24, float64, TestDevice.Device).reshape(2, 3, 4);

    [Fact]
    public void A_number_selects_and_keeps_the_rest()
    {
        Cube()[1].shape.ShouldBe([3, 4]);
        Cube()[1, -1].ShouldBe([4], 20, 21, 22, 23);
        Cube()[1, 2, 3].item<double>().ShouldBe(23);
    }

    [Fact]
    public void Ranges_ellipsis_and_new_dimensions_combine()
    {
        Cube()[.., 1..].shape.ShouldBe([2, 2, 4]);
        Cube()[TensorIndex.Ellipsis, ^1].ShouldBe([2, 3], 3, 7, 11, 15, 19, 23);
        Cube()[0, TensorIndex.None, TensorIndex.Slice(null, null, 2), ..2].ShouldBe([1, 2, 2], 0, 1, 8, 9);
        Cube()[TensorIndex.Colon, TensorIndex.Single(0), ^2..].ShouldBe([2, 2], 2, 3, 14, 15);
        Cube()[^0.., 0].shape.ShouldBe([0, 4]);
    }

    [Fact]
    public void Masks_and_indices_pick()
    {
        var cube = Cube();
        cube[TensorIndex.Tensor(cube > 20)].ShouldBe([3], 21, 22, 23);
        var rows = tensor(new long[] { 2, 0 }, device: TestDevice.Device);
        cube[TensorIndex.Colon, TensorIndex.Tensor(rows), 0].ShouldBe([2, 2], 8, 0, 20, 12);
        cube[TensorIndex.Ellipsis, TensorIndex.Tensor(rows)].shape.ShouldBe([2, 3, 2]);
        cube.index(tensor(new long[] { 1, 0 }, device: TestDevice.Device), rows).ShouldBe([2, 4], 20, 21, 22, 23, 0, 1, 2, 3);
        cube[TensorIndex.Bool(true)].shape.ShouldBe([1, 2, 3, 4]);
    }

    [Fact]
    public void Assigning_writes_into_the_tensor()
    {
        var cube = Cube();
        cube[0, 0] = tensor(-1.0, device: TestDevice.Device);
        cube[TensorIndex.Tensor(cube >= 20)] = tensor(7.0, device: TestDevice.Device);
        cube[1, ..1, 0] = tensor(new[] { 5.0 }, device: TestDevice.Device);
        cube.ShouldBe([2, 3, 4], -1, -1, -1, -1, 4, 5, 6, 7, 8, 9, 10, 11, 5, 13, 14, 15, 16, 17, 18, 19, 7, 7, 7, 7);
        cube.index_put_((Scalar)2.5, 1, 1, TensorIndex.Slice(0, 2));
        cube[1, 1].ShouldBe([4], 2.5, 2.5, 18, 19);
    }

    [Fact]
    public void Accumulating_adds_up_repeated_indices()
    {
        var sums = zeros(3, float64, TestDevice.Device);
        sums.index_put_(ones(4, float64, TestDevice.Device), [tensor(new long[] { 0, 2, 2, 2 }, device: TestDevice.Device)], accumulate: true);
        sums.ShouldBe([3], 1, 0, 3);
    }

    [Fact]
    public void Too_many_indices_are_refused_with_both_counts() =>
        Should.Throw<ArgumentException>(() => Cube()[0, 0, 0, 0..1]).Message.ShouldContain("4 indices are too many for a tensor of 3 dimensions");

    [Fact]
    public void An_index_outside_names_operator_and_shape()
    {
        var error = Should.Throw<System.Runtime.InteropServices.ExternalException>(() => Cube()[5]);
        error.Message.ShouldContain("aten::select");
        error.Message.ShouldContain("[2, 3, 4]");
    }

    [Fact]
    public void Indexing_leaves_no_tensors_behind()
    {
        using var scope = NewDisposeScope();
        var cube = Cube();
        var mask = cube > 20;
        var other = ones(4, float64, TestDevice.Device);
        var before = scope.DisposablesCount;
        for (var i = 0; i < 10; i++)
        {
            cube[1, .., 0].Dispose();
            cube[TensorIndex.Tensor(mask), TensorIndex.None].Dispose();
            cube[0] = other;
            cube[TensorIndex.Bool(true), 0].Dispose();
        }

        scope.DisposablesCount.ShouldBe(before);
    }
}
