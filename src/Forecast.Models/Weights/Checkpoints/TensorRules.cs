using System.Collections.Immutable;

namespace Forecast.Models.Weights.Checkpoints;

/// <summary>The names of PyTorch that rebuild tensors from storages, those of its storages, and those of its types.</summary>
internal static class TensorRules
{
    private const int MostDimensions = 64;

    // What one more tensor weighs against the budget, beside its dimensions.
    private const int TensorObjects = 8;

    public delegate object? Rule(PickleGlobal global, object?[] arguments, PickleBudget budget, string file);

    private static readonly Dictionary<string, WeightType> Storages = new(StringComparer.Ordinal)
    {
        ["DoubleStorage"] = WeightType.F64,
        ["FloatStorage"] = WeightType.F32,
        ["HalfStorage"] = WeightType.F16,
        ["BFloat16Storage"] = WeightType.BF16,
        ["LongStorage"] = WeightType.I64,
        ["IntStorage"] = WeightType.I32,
        ["ShortStorage"] = WeightType.I16,
        ["CharStorage"] = WeightType.I8,
        ["ByteStorage"] = WeightType.U8,
        ["BoolStorage"] = WeightType.Bool,
        ["ComplexFloatStorage"] = WeightType.C64,
    };

    private static readonly Dictionary<string, WeightType> Types = new(StringComparer.Ordinal)
    {
        ["float64"] = WeightType.F64,
        ["float32"] = WeightType.F32,
        ["float16"] = WeightType.F16,
        ["bfloat16"] = WeightType.BF16,
        ["int64"] = WeightType.I64,
        ["int32"] = WeightType.I32,
        ["int16"] = WeightType.I16,
        ["int8"] = WeightType.I8,
        ["uint8"] = WeightType.U8,
        ["uint16"] = WeightType.U16,
        ["uint32"] = WeightType.U32,
        ["uint64"] = WeightType.U64,
        ["bool"] = WeightType.Bool,
        ["complex64"] = WeightType.C64,
        ["float8_e4m3fn"] = WeightType.F8E4M3,
        ["float8_e5m2"] = WeightType.F8E5M2,
        ["float8_e4m3fnuz"] = WeightType.F8E4M3Fnuz,
        ["float8_e5m2fnuz"] = WeightType.F8E5M2Fnuz,
    };

    /// <summary>Names that make something of their arguments.</summary>
    public static IEnumerable<(PickleGlobal Name, Rule Rule)> All =>
    [
        (Utility("_rebuild_tensor"), (g, a, b, f) => a is [PickleStorage s, var offset, var size, var stride] ? Rebuild(g, s, s.Type, offset, size, stride, b, f) : throw PickleGlobals.Arguments(g, f)),
        (Utility("_rebuild_tensor_v2"), (g, a, b, f) => a is [PickleStorage s, var offset, var size, var stride, _, _, ..] && a.Length <= 7
            ? Rebuild(g, s, s.Type, offset, size, stride, b, f)
            : throw PickleGlobals.Arguments(g, f)),
        (Utility("_rebuild_tensor_v3"), (g, a, b, f) => a is [PickleStorage s, var offset, var size, var stride, _, _, PickleGlobal { Module: "torch" } type, ..] && a.Length <= 8
            ? Rebuild(g, s, Types.TryGetValue(type.Name, out var t) ? t : null, offset, size, stride, b, f)
            : throw PickleGlobals.Arguments(g, f)),
        (Utility("_rebuild_parameter"), (g, a, _, f) => a is [PickleTensor t, _, _] ? t : throw PickleGlobals.Arguments(g, f)),
        (Utility("_rebuild_parameter_with_state"), (g, a, _, f) => a is [PickleTensor t, _, _, _] ? t : throw PickleGlobals.Arguments(g, f)),
    ];

    /// <summary>Names that stand for themselves.</summary>
    public static IEnumerable<PickleGlobal> Values =>
    [
        .. Storages.Keys.Select(n => new PickleGlobal("torch", n)),
        .. Types.Keys.Select(n => new PickleGlobal("torch", n)),
        new("torch", "UntypedStorage"),
        new("torch.storage", "UntypedStorage"),
        new("torch.storage", "_UntypedStorage"),
    ];

    /// <summary>The element type of a storage class; null for a storage of bytes; false for what is no storage.</summary>
    public static bool IsStorage(PickleGlobal global, out WeightType? type)
    {
        type = Storages.TryGetValue(global.Name, out var known) ? known : null;
        return type is not null || global.Name is "UntypedStorage" or "_UntypedStorage";
    }

    private static PickleTensor Rebuild(PickleGlobal global, PickleStorage storage, WeightType? type, object? offset, object? size, object? stride, PickleBudget budget, string file)
    {
        if (type is not { } t || offset is not long start) throw PickleGlobals.Arguments(global, file);
        var shape = Counts(global, size, file);
        budget.Objects(TensorObjects + shape.Length);
        return new PickleTensor(WeightTensor.Strided("", t, shape, Counts(global, stride, file), storage.Storage, start));
    }

    private static ImmutableArray<long> Counts(PickleGlobal global, object? value, string file)
    {
        if (value is not PickleTuple { Items.Length: <= MostDimensions } tuple || tuple.Items.Any(i => i is not long)) throw PickleGlobals.Arguments(global, file);
        return [.. tuple.Items.Select(i => (long)i!)];
    }

    private static PickleGlobal Utility(string name) => new("torch._utils", name);
}
