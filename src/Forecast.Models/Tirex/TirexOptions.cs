namespace Forecast.Models.Tirex;

/// <summary>Precision of the network; scaling is float64 and the read-out float32 in both.</summary>
public enum TirexPrecision
{
    Float32,

    /// <summary>
    /// On the CPU as the published cell: gate inputs, kernel and states rounded to bfloat16. On CUDA all matrix products in bfloat16 with
    /// sums, states and norms in float32. Forecasts move by 1e-3 to 5e-3 of the largest.
    /// </summary>
    BFloat16,
}

/// <summary>Settings of <c>tirex</c>.</summary>
public sealed record TirexOptions
{
    /// <summary>The word for weights that were never trained.</summary>
    public const string Untrained = "random";

    /// <summary>A folder, a published model in the cache as OWNER/NAME, or <see cref="Untrained"/>.</summary>
    public string Weights { get; init; } = "NX-AI/TiRex";

    public TirexPrecision Precision { get; init; }

    /// <summary>R, patches of one pass; published default 1.</summary>
    public int PatchesPerPass { get; init; } = 1;

    /// <summary>Series that are worked on together: bounds the memory.</summary>
    public int Batch { get; init; } = 256;

    /// <summary>Sizes of an untrained network; a trained one brings its own.</summary>
    public TirexConfig Shape { get; init; } = new();
}
