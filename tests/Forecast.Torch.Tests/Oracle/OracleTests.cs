using TorchSharp;

namespace Forecast.Torch.Tests.Oracle;

/// <summary>Every operator against PyTorch's values, and its gradient against finite differences.</summary>
public class OracleTests
{
    // Order of ties and of equal elements is libtorch's own business on each device.
    private static readonly string[] PlacesOfTies = ["mode", "msort"];

    // Steps and kinks at the fixed inputs (rounding at a tie, quantiles at a datum), results too coarse for a small step (narrow types), and truth values
    // written into a tensor that keeps its graph: differences are no judge there.
    private static readonly string[] NoDifferences =
    [
        "round", "div_trunc", "quantile", "quantile_keep", "nanquantile", "half", "bfloat16", "float", "softmax_type",
        "I_logical_not_", "I_logical_and_", "I_logical_or_", "I_logical_xor_",
    ];

    // libtorch's CUDA kernels of these two hold one sixth in single precision, also for doubles.
    private static readonly string[] SingleConstants = ["hardsigmoid", "hardswish"];

    public static TheoryData<string> Names => [.. OracleFile.Core.Cases.Keys];

    public static TheoryData<string> Differentiable =>
        [.. OracleFile.Core.Cases.Where(pair => pair.Value.Gradients.Length > 0 && !NoDifferences.Contains(pair.Key)).Select(pair => pair.Key)];

    [Fact]
    public void Both_sides_have_the_same_cases() =>
        OracleCases.All.Keys.Order(StringComparer.Ordinal).ShouldBe(OracleFile.Core.Cases.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Names))]
    public void The_value_is_PyTorchs(string name)
    {
        using var scope = torch.NewDisposeScope();
        OracleInputs.Use(OracleFile.Core.MakeInputs());
        var expected = OracleFile.Core.Cases[name].Results;
        var results = OracleFile.Flat(OracleCases.All[name]());
        results.Count.ShouldBe(expected.Length);
        for (var place = 0; place < expected.Length; place++)
        {
            if (TestDevice.IsCuda && place == 1 && PlacesOfTies.Contains(name)) continue;
            var type = torch.is_complex(results[place].dtype) ? "complex" : results[place].dtype.ToString();
            type.ShouldBe(expected[place].Type == "complex" ? "complex" : expected[place].ScalarType().ToString(), $"{name}: type of result {place}");
            var shape = expected[place].Type == "complex" ? expected[place].Shape[..^1] : expected[place].Shape;
            results[place].shape.ShouldBe(shape, $"{name}: shape of result {place}");
            var tolerance = TestDevice.IsCuda && SingleConstants.Contains(name) ? 1e-7 : TestDevice.Tolerance(results[place].dtype);
            results[place].ShouldBeNumbers(expected[place].Numbers(), tolerance, name);
        }
    }

    [Theory]
    [MemberData(nameof(Differentiable))]
    public void The_gradient_is_that_of_finite_differences(string name)
    {
        foreach (var input in OracleFile.Core.Cases[name].Gradients)
        {
            using var scope = torch.NewDisposeScope();
            var inputs = OracleFile.Core.MakeInputs(input);
            OracleInputs.Use(inputs);
            var loss = Loss(name);
            var gradient = torch.autograd.grad([loss], [inputs[input]])[0].Numbers();
            var differences = Differences(name, inputs, input);
            for (var element = 0; element < gradient.Length; element++)
            {
                var error = Math.Abs(gradient[element] - differences[element]) / Math.Max(1, Math.Abs(differences[element]));
                (error < 2e-6).ShouldBeTrue($"{name}: d/d{input}[{element}] is {gradient[element]:r}, differences give {differences[element]:r}");
            }
        }
    }

    /// <summary>A sum of all results, each element with a weight of its own.</summary>
    private static torch.Tensor Loss(string name)
    {
        var terms = new List<torch.Tensor>();
        foreach (var result in OracleFile.Flat(OracleCases.All[name]()))
        {
            if (!torch.is_floating_point(result.dtype) && !torch.is_complex(result.dtype)) continue;
            var real = torch.is_complex(result.dtype) ? torch.view_as_real(result.resolve_conj()) : result;
            var weights = torch.arange(real.numel(), torch.float64, TestDevice.Device).add(1).sin().view(real.shape);
            terms.Add((real.to(torch.float64) * weights).sum());
        }

        return torch.stack(terms).sum();
    }

    private static double[] Differences(string name, Dictionary<string, torch.Tensor> inputs, string input)
    {
        const double step = 1e-5;
        using var none = torch.no_grad();
        var values = inputs[input].Numbers();
        var shape = inputs[input].shape;
        var found = new double[values.Length];
        for (var element = 0; element < values.Length; element++)
        {
            using var scope = torch.NewDisposeScope();
            double At(double value)
            {
                var moved = (double[])values.Clone();
                moved[element] = value;
                inputs[input] = torch.tensor(moved, shape, device: TestDevice.Device);
                OracleInputs.Use(inputs);
                return Loss(name).item<double>();
            }

            found[element] = (At(values[element] + step) - At(values[element] - step)) / (2 * step);
        }

        return found;
    }
}
