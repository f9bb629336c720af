using System.Numerics;
using System.Runtime.InteropServices;

namespace Forecast.Models.Garch;

/// <summary>Vector operations on short rows.</summary>
internal static class Spans
{
    /// <summary>target += factor * source.</summary>
    public static void AddScaled(Span<double> target, double factor, ReadOnlySpan<double> source)
    {
        source = source[..target.Length];
        var wide = MemoryMarshal.Cast<double, Vector<double>>(target);
        var wideSource = MemoryMarshal.Cast<double, Vector<double>>(source);
        var f = new Vector<double>(factor);
        for (var i = 0; i < wide.Length; i++) wide[i] += f * wideSource[i];
        for (var i = wide.Length * Vector<double>.Count; i < target.Length; i++) target[i] += factor * source[i];
    }
}
