using TorchSharp;

namespace Forecast.Torch.Tests;

/// <summary>What tests say about tensors.</summary>
internal static class TensorShould
{
    /// <summary>All elements as doubles in row order, wherever the tensor lies; complex ones as pairs.</summary>
    public static double[] Numbers(this torch.Tensor tensor)
    {
        using var scope = torch.NewDisposeScope();
        var real = torch.is_complex(tensor.dtype) ? torch.view_as_real(tensor.resolve_conj()) : tensor;
        return real.detach().cpu().to(torch.ScalarType.Float64).contiguous().data<double>().ToArray();
    }

    /// <summary>Shape and values; a difference is measured against the larger of one and the expected size.</summary>
    public static void ShouldBeNear(this torch.Tensor actual, long[] shape, double[] expected, double tolerance, string what = "")
    {
        actual.shape.ShouldBe(shape, $"{what}: shape");
        actual.ShouldBeNumbers(expected, tolerance, what);
    }

    /// <summary>Values alone; complex numbers as pairs.</summary>
    public static void ShouldBeNumbers(this torch.Tensor actual, double[] expected, double tolerance, string what)
    {
        var numbers = actual.Numbers();
        numbers.Length.ShouldBe(expected.Length, $"{what}: elements");
        for (var i = 0; i < numbers.Length; i++)
        {
            if (double.IsNaN(expected[i]) && double.IsNaN(numbers[i])) continue;
            if (numbers[i].Equals(expected[i])) continue;
            var difference = Math.Abs(numbers[i] - expected[i]) / Math.Max(1, Math.Abs(expected[i]));
            (difference <= tolerance).ShouldBeTrue($"{what}: element {i} is {numbers[i]:r}, expected {expected[i]:r}: off by {difference:g3}, allowed {tolerance:g3}");
        }
    }

    /// <summary>As <see cref="ShouldBeNear"/> with the tolerance of the tensor's type on the tests' device.</summary>
    public static void ShouldBe(this torch.Tensor actual, long[] shape, params double[] expected) =>
        actual.ShouldBeNear(shape, expected, TestDevice.Tolerance(actual.dtype));
}
