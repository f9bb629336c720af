using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Forecast.Models.Numerics;

/// <summary>J'J of a tall thin matrix, in tiles of 4 x 4 that stay in registers.</summary>
internal static class GramMatrix
{
    private const int Tile = 4;

    /// <summary>Fills G = w J'J.</summary>
    /// <param name="rows">J row by row; each row is padded with zeros to a multiple of four entries.</param>
    /// <param name="count">Columns of J.</param>
    /// <param name="weight">w.</param>
    /// <param name="gram">Receives as many rows as J has columns, each padded like the rows of J.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fill(ReadOnlySpan<double> rows, int count, double weight, Span<double> gram)
    {
        var wide = MemoryMarshal.Cast<double, Vector256<double>>(rows);
        var stride = PaddedFactor.Stride(count) / Tile;
        var result = MemoryMarshal.Cast<double, Vector256<double>>(gram);
        for (var a = 0; a < stride; a++)
        {
            for (var b = a; b < stride; b++)
            {
                Vector256<double> row0 = default, row1 = default, row2 = default, row3 = default;
                for (var at = 0; at < wide.Length; at += stride)
                {
                    Vector256<double> left = wide[at + a], right = wide[at + b];
                    row0 = Vector256.FusedMultiplyAdd(Vector256.Shuffle(left, Vector256.Create(0L)), right, row0);
                    row1 = Vector256.FusedMultiplyAdd(Vector256.Shuffle(left, Vector256.Create(1L)), right, row1);
                    row2 = Vector256.FusedMultiplyAdd(Vector256.Shuffle(left, Vector256.Create(2L)), right, row2);
                    row3 = Vector256.FusedMultiplyAdd(Vector256.Shuffle(left, Vector256.Create(3L)), right, row3);
                }

                var first = a * Tile;
                result[(first * stride) + b] = weight * row0;
                if (first + 1 < count) result[((first + 1) * stride) + b] = weight * row1;
                if (first + 2 < count) result[((first + 2) * stride) + b] = weight * row2;
                if (first + 3 < count) result[((first + 3) * stride) + b] = weight * row3;
            }
        }

        var entries = stride * Tile;
        for (var i = 1; i < count; i++)
        {
            for (var j = 0; j < i / Tile * Tile; j++) gram[(i * entries) + j] = gram[(j * entries) + i];
        }
    }
}
