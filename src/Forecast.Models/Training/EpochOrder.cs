using System.Globalization;
using Forecast.Core.Numerics;

namespace Forecast.Models.Training;

/// <summary>Which windows an epoch sees, and in which order: a function of seed and epoch alone.</summary>
internal static class EpochOrder
{
    /// <summary><paramref name="take"/> different numbers below <paramref name="count"/>, by a partial Fisher-Yates shuffle.</summary>
    public static int[] Draw(int count, int take, ulong seed, int epoch)
    {
        var random = new RandomSource(Seeds.Derive(seed, "order", epoch.ToString(CultureInfo.InvariantCulture)));
        var numbers = new int[count];
        for (var i = 0; i < count; i++) numbers[i] = i;
        for (var i = 0; i < take; i++)
        {
            var j = i + random.NextInt(count - i);
            (numbers[i], numbers[j]) = (numbers[j], numbers[i]);
        }

        return numbers[..take];
    }
}
