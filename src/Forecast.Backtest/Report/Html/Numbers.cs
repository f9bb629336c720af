using System.Globalization;

namespace Forecast.Backtest.Report.Html;

/// <summary>Numbers as people read them: a true minus sign, a stated number of digits, never NaN.</summary>
public static class Numbers
{
    private const char Minus = '\u2212';

    /// <summary>Decimals that give the smallest of the values <paramref name="digits"/> significant digits, so that a column aligns.</summary>
    /// <remarks>Zeros and values without a size have no say; at most 8 decimals.</remarks>
    public static int DecimalsFor(IEnumerable<double> values, int digits = 3)
    {
        var smallest = values.Where(v => double.IsFinite(v) && v != 0).Select(Math.Abs).DefaultIfEmpty(1).Min();
        return Math.Clamp(digits - 1 - (int)Math.Floor(Math.Log10(smallest)), 0, 8);
    }

    /// <summary>A value with a fixed number of decimals and grouped thousands.</summary>
    public static string Fixed(double value, int decimals) => Signed(value, value.ToString("#,0." + new string('0', decimals), CultureInfo.InvariantCulture));

    /// <summary>A value with <paramref name="digits"/> significant digits.</summary>
    public static string Significant(double value, int digits = 3)
    {
        if (!double.IsFinite(value)) return "\u2013";
        if (value != 0 && Math.Abs(value) is < 1e-7 or >= 1e12) return Signed(value, value.ToString("0." + new string('0', digits - 1) + "e0", CultureInfo.InvariantCulture));
        return Fixed(value, DecimalsFor([value], digits));
    }

    /// <summary>A fraction as a percentage with one decimal: 0.124 is "12.4 %".</summary>
    public static string Percent(double fraction, int decimals = 1) => Fixed(fraction * 100, decimals) + "\u00a0%";

    /// <summary>A fraction as a percentage with its sign: "+3.1 %", "-12.4 %".</summary>
    public static string SignedPercent(double fraction)
    {
        var text = Percent(fraction);
        return fraction > 0 && !text.StartsWith("0.0\u00a0", StringComparison.Ordinal) ? "+" + text : text;
    }

    /// <summary>A level as people name it: 0.975 is "97.5 %".</summary>
    public static string Level(double level) => Math.Round(level * 100, 6).ToString("0.######", CultureInfo.InvariantCulture) + "\u00a0%";

    /// <summary>A p-value: three decimals, or "&lt;0.001".</summary>
    public static string PValue(double p) => p < 0.001 ? "<0.001" : p.ToString("0.000", CultureInfo.InvariantCulture);

    /// <summary>A count with grouped thousands.</summary>
    public static string Count(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>All digits, for titles and for machines.</summary>
    public static string Full(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    internal static string Group(int number, string format) => number.ToString(format, CultureInfo.InvariantCulture);

    private static string Signed(double value, string text)
    {
        var plain = text.TrimStart('-');
        return value < 0 && plain.Any(c => c is >= '1' and <= '9') ? Minus + plain : plain;
    }
}
