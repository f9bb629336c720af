using System.Collections.Frozen;

namespace Forecast.Models.Weights;

/// <summary>
/// What one element of a stored tensor is. The order is that of the safetensors reference library, which lays a file out by it
/// (largest first), so it must not be changed. Little-endian everywhere.
/// </summary>
public enum WeightType
{
    /// <summary>One byte, 0 or 1.</summary>
    Bool,
    U8,
    I8,

    /// <summary>8-bit float, 5 exponent bits (Micikevicius et al. 2022).</summary>
    F8E5M2,

    /// <summary>8-bit float, 4 exponent bits (Micikevicius et al. 2022).</summary>
    F8E4M3,

    /// <summary>Power-of-two scale of the OCP microscaling formats.</summary>
    F8E8M0,
    F8E4M3Fnuz,
    F8E5M2Fnuz,
    I16,
    U16,

    /// <summary>IEEE 754 half precision.</summary>
    F16,

    /// <summary>The upper half of a float32.</summary>
    BF16,
    I32,
    U32,
    F32,

    /// <summary>Two float32, real then imaginary.</summary>
    C64,
    F64,
    I64,
    U64,
}

/// <summary>Sizes and names of <see cref="WeightType"/>.</summary>
public static class WeightTypes
{
    private static readonly (WeightType Type, string Name, int Size)[] All =
    [
        (WeightType.Bool, "BOOL", 1),
        (WeightType.U8, "U8", 1),
        (WeightType.I8, "I8", 1),
        (WeightType.F8E5M2, "F8_E5M2", 1),
        (WeightType.F8E4M3, "F8_E4M3", 1),
        (WeightType.F8E8M0, "F8_E8M0", 1),
        (WeightType.F8E4M3Fnuz, "F8_E4M3FNUZ", 1),
        (WeightType.F8E5M2Fnuz, "F8_E5M2FNUZ", 1),
        (WeightType.I16, "I16", 2),
        (WeightType.U16, "U16", 2),
        (WeightType.F16, "F16", 2),
        (WeightType.BF16, "BF16", 2),
        (WeightType.I32, "I32", 4),
        (WeightType.U32, "U32", 4),
        (WeightType.F32, "F32", 4),
        (WeightType.C64, "C64", 8),
        (WeightType.F64, "F64", 8),
        (WeightType.I64, "I64", 8),
        (WeightType.U64, "U64", 8),
    ];

    private static readonly FrozenDictionary<string, WeightType> ByName = All.ToFrozenDictionary(t => t.Name, t => t.Type);

    /// <summary>Bytes of one element.</summary>
    public static int Size(this WeightType type) => All[(int)type].Size;

    /// <summary>The safetensors name, such as <c>BF16</c>.</summary>
    public static string Name(this WeightType type) => All[(int)type].Name;

    /// <summary>The type with this safetensors name, or false.</summary>
    public static bool TryParse(string name, out WeightType type) => ByName.TryGetValue(name, out type);
}
