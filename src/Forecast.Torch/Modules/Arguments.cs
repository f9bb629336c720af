namespace TorchSharp;

/// <summary>Checks of options that would otherwise fail later and say less.</summary>
internal static class Arguments
{
    internal static void Positive(long value, string name)
    {
        if (value <= 0) throw new ArgumentOutOfRangeException(name, value, $"{name} must be at least 1, not {value}.");
    }

    internal static void Probability(double value, string name)
    {
        if (!(value is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(name, value, $"{name} is a probability between 0 and 1, not {value}.");
    }

    internal static void Require(bool holds, string message, string name)
    {
        if (!holds) throw new ArgumentException(message, name);
    }

    internal static void NotNegative(double value, string name)
    {
        if (!(value >= 0)) throw new ArgumentOutOfRangeException(name, value, $"{name} must not be negative, it is {value}.");
    }
}
