using System.Runtime.CompilerServices;
using System.Text.Json;
using TorchSharp;

namespace Forecast.Torch.Tests.Oracle;

/// <summary>Values that PyTorch made; see <c>tests/data/torch/make_core.py</c>.</summary>
internal sealed record OracleFile(string Torch, Dictionary<string, OracleTensor> Draws, Dictionary<string, OracleTensor> Inputs, Dictionary<string, OracleCase> Cases)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    public static OracleFile Core { get; } =
        JsonSerializer.Deserialize<OracleFile>(File.ReadAllText(Repository.At("tests", "data", "torch", "core.json")), Options)!;

    /// <summary>Fresh inputs on the tests' device; those named need gradients.</summary>
    public Dictionary<string, torch.Tensor> MakeInputs(params string[] differentiated)
    {
        var made = new Dictionary<string, torch.Tensor>(StringComparer.Ordinal);
        foreach (var (name, input) in Inputs)
        {
            using var host = torch.tensor(input.Numbers(), input.Shape);
            made[name] = host.to(input.ScalarType(), TestDevice.Device, copy: true);
            if (differentiated.Contains(name, StringComparer.Ordinal)) made[name].requires_grad_();
        }

        return made;
    }

    /// <summary>Tensors, in order, out of whatever a case returns.</summary>
    public static List<torch.Tensor> Flat(object result)
    {
        if (result is torch.Tensor tensor) return [tensor];
        if (result is bool flag) return [torch.tensor(flag)];
        if (result is IEnumerable<torch.Tensor> list) return [.. list];
        var tuple = (ITuple)result;
        return [.. Enumerable.Range(0, tuple.Length).Select(place => (torch.Tensor)tuple[place]!)];
    }
}

/// <summary>What a case gives, and the inputs in which it has a derivative.</summary>
internal sealed record OracleCase(OracleTensor[] Results, string[] Gradients);

/// <summary>A tensor as the file holds it: complex numbers as pairs, NaN as null, infinities as text.</summary>
internal sealed record OracleTensor(string Type, long[] Shape, JsonElement[] Values)
{
    public torch.ScalarType ScalarType() => Type switch
    {
        "float64" => torch.float64,
        "float32" => torch.float32,
        "float16" => torch.float16,
        "bfloat16" => torch.bfloat16,
        "int64" => torch.int64,
        "int32" => torch.int32,
        "int16" => torch.int16,
        "uint8" => torch.uint8,
        "bool" => torch.@bool,
        "complex" => torch.complex128,
        _ => throw new InvalidDataException($"the oracle file holds a tensor of type {Type}"),
    };

    public double[] Numbers() => [.. Values.Select(value => value.ValueKind switch
    {
        JsonValueKind.Null => double.NaN,
        JsonValueKind.String => value.GetString() == "inf" ? double.PositiveInfinity : double.NegativeInfinity,
        _ => value.GetDouble(),
    })];
}
