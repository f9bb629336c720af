using System.Globalization;
using System.Text.Json;
using TorchSharp;

namespace Forecast.Torch.Tests.Modules;

/// <summary>What PyTorch made of modules, functionals, optimisers and schedules: tests/data/torch/nn.json, written by make_nn.py.</summary>
internal static class NnValues
{
    private static readonly JsonElement Root = JsonDocument.Parse(File.ReadAllBytes(Repository.At("tests", "data", "torch", "nn.json"))).RootElement;

    public static JsonElement Case(string section, string name) => Root.GetProperty(section).GetProperty(name);

    public static IEnumerable<string> Names(string section) => Root.GetProperty(section).EnumerateObject().Select(p => p.Name);

    public static double Number(JsonElement element) => element.ValueKind == JsonValueKind.String
        ? element.GetString() switch { "inf" => double.PositiveInfinity, "-inf" => double.NegativeInfinity, "nan" => double.NaN, var other => double.Parse(other!, CultureInfo.InvariantCulture) }
        : element.GetDouble();

    public static double[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(Number)];

    public static long[] Shape(JsonElement packed) => [.. packed.GetProperty("s").EnumerateArray().Select(s => s.GetInt64())];

    /// <summary>A stored tensor on the tests' device: integers and booleans as such, all else in the given type.</summary>
    public static torch.Tensor Tensor(JsonElement packed, torch.ScalarType type = torch.ScalarType.Float64)
    {
        var stored = packed.TryGetProperty("t", out var kind) ? kind.GetString() : "f64";
        var wanted = stored switch { "i64" => torch.ScalarType.Int64, "bool" => torch.ScalarType.Bool, _ => type };
        using var values = torch.tensor(Numbers(packed.GetProperty("d")), torch.ScalarType.Float64);
        using var shaped = values.reshape(Shape(packed));
        return shaped.to(wanted, TestDevice.Device, copy: true);
    }

    public static void ShouldBePacked(this torch.Tensor actual, JsonElement packed, double tolerance, string what) =>
        actual.ShouldBeNear(Shape(packed), Numbers(packed.GetProperty("d")), tolerance, what);

    /// <summary>The sum of all entries of all outputs, each entry with the cosine of its position as its weight.</summary>
    public static torch.Tensor? Weighted(IEnumerable<torch.Tensor?> outputs)
    {
        torch.Tensor? total = null;
        foreach (var output in outputs)
        {
            if (output is null || !torch.is_floating_point(output)) continue;
            var weights = torch.arange(output.numel(), torch.ScalarType.Float64).cos().reshape(output.shape).to(output.dtype, output.device);
            var part = (output * weights).sum();
            total = total is null ? part : total + part;
        }

        return total;
    }

    /// <summary>Runs a case of the file and compares outputs, gradients of inputs, and hands back for more.</summary>
    public static torch.Tensor[] Run(JsonElement stored, Func<torch.Tensor[], torch.Tensor?[]> call, torch.ScalarType type, double tolerance, string what, bool backward = true)
    {
        var inputs = stored.GetProperty("inputs").EnumerateArray().Select(i => Tensor(i, type)).ToArray();
        var differentiable = stored.TryGetProperty("input_grads", out var inputGradients);
        foreach (var input in inputs)
            if (differentiable && torch.is_floating_point(input)) input.requires_grad = true;

        var outputs = call(inputs);
        var expected = stored.GetProperty("outputs").EnumerateArray().ToArray();
        outputs.Length.ShouldBe(expected.Length, $"{what}: outputs");
        for (var i = 0; i < expected.Length; i++)
        {
            if (expected[i].ValueKind == JsonValueKind.Null) outputs[i].ShouldBeNull($"{what}: output {i}");
            else outputs[i].ShouldNotBeNull($"{what}: output {i}").ShouldBePacked(expected[i], tolerance, $"{what}: output {i}");
        }

        if (!differentiable || !backward) return inputs;
        Weighted(outputs)!.backward();
        foreach (var (gradient, i) in inputGradients.EnumerateArray().Select((g, i) => (g, i)))
            if (gradient.ValueKind != JsonValueKind.Null)
                inputs[i].grad.ShouldNotBeNull($"{what}: gradient of input {i}").ShouldBePacked(gradient, tolerance, $"{what}: gradient of input {i}");
        return inputs;
    }

    private static T ShouldNotBeNull<T>(this T? value, string message) where T : class
    {
        (value is not null).ShouldBeTrue(message + " is missing");
        return value!;
    }
}
