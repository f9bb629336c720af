using System.Buffers.Text;
using System.Text;

namespace Forecast.Hosting.Data;

/// <summary>A time as it is written: a local date and time, and the offset if it stands there.</summary>
/// <param name="LocalTicks">Ticks of 100 ns since 0001-01-01, as in <see cref="DateTime"/>.</param>
/// <param name="OffsetMinutes">Offset from UTC, or null if none is written.</param>
internal readonly record struct Timestamp(long LocalTicks, int? OffsetMinutes)
{
    public static bool TryParse(string text, out Timestamp value) => TryParse(Encoding.UTF8.GetBytes(text), out value);

    /// <summary>
    /// Reads ISO 8601: <c>yyyy</c>, <c>yyyy-MM</c>, <c>yyyy-Qn</c>, <c>yyyy-MM-dd</c>, <c>yyyyMMdd</c>, and a date with
    /// <c>HH:mm[:ss[.fffffff]]</c> after a <c>T</c> or a space, with <c>Z</c>, <c>+HH</c>, <c>+HHmm</c> or <c>+HH:mm</c> or without.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out Timestamp value)
    {
        value = default;
        if (!Digits(ref text, 4, out var year)) return false;
        if (text.Length == 4 && Digits(ref text, 2, out var month) && Digits(ref text, 2, out var day)) return Make(year, month, day, 0, null, out value);
        if (text.IsEmpty) return Make(year, 1, 1, 0, null, out value);
        if (text.Length >= 2 && text[0] == '-') text = text[1..];
        else if (text[0] is not ((byte)'Q' or (byte)'q')) return false;
        if (text[0] is (byte)'Q' or (byte)'q')
            return text.Length == 2 && text[1] is >= (byte)'1' and <= (byte)'4' && Make(year, (3 * (text[1] - '1')) + 1, 1, 0, null, out value);
        if (!Digits(ref text, 2, out month)) return false;
        if (text.IsEmpty) return Make(year, month, 1, 0, null, out value);
        if (text[0] != '-') return false;
        text = text[1..];
        if (!Digits(ref text, 2, out day)) return false;
        if (text.IsEmpty) return Make(year, month, day, 0, null, out value);
        if (text[0] is not ((byte)'T' or (byte)'t' or (byte)' ')) return false;
        text = text[1..];
        return TimeOfDay(ref text, out var ticks) && Offset(text, out var offset) && Make(year, month, day, ticks, offset, out value);
    }

    private static bool Make(int year, int month, int day, long timeOfDay, int? offset, out Timestamp value)
    {
        value = default;
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)) return false;
        value = new Timestamp(new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Unspecified).Ticks + timeOfDay, offset);
        return true;
    }

    private static bool TimeOfDay(ref ReadOnlySpan<byte> text, out long ticks)
    {
        ticks = 0;
        if (!Digits(ref text, 2, out var hour) || hour > 23 || !Colon(ref text) || !Digits(ref text, 2, out var minute) || minute > 59) return false;
        ticks = ((hour * 60L) + minute) * TimeSpan.TicksPerMinute;
        if (!Colon(ref text)) return true;
        if (!Digits(ref text, 2, out var second) || second > 59) return false;
        ticks += second * TimeSpan.TicksPerSecond;
        if (text.IsEmpty || text[0] != '.') return true;
        text = text[1..];
        var unit = TimeSpan.TicksPerSecond;
        var digits = 0;
        for (; !text.IsEmpty && text[0] is >= (byte)'0' and <= (byte)'9'; text = text[1..], digits++)
        {
            unit /= 10;
            ticks += (text[0] - '0') * unit;
        }

        return digits > 0;
    }

    private static bool Offset(ReadOnlySpan<byte> text, out int? minutes)
    {
        minutes = null;
        if (text.IsEmpty) return true;
        if (text is [(byte)'Z' or (byte)'z'])
        {
            minutes = 0;
            return true;
        }

        var sign = text[0] switch { (byte)'+' => 1, (byte)'-' => -1, _ => 0 };
        text = text[1..];
        if (sign == 0 || !Digits(ref text, 2, out var hours) || hours > 18) return false;
        var rest = 0;
        if (!text.IsEmpty)
        {
            Colon(ref text);
            if (!Digits(ref text, 2, out rest) || rest > 59 || !text.IsEmpty) return false;
        }

        minutes = sign * ((hours * 60) + rest);
        return true;
    }

    private static bool Colon(ref ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty || text[0] != ':') return false;
        text = text[1..];
        return true;
    }

    private static bool Digits(ref ReadOnlySpan<byte> text, int count, out int number)
    {
        number = 0;
        if (text.Length < count || !Utf8Parser.TryParse(text[..count], out number, out var used) || used != count || text[0] is (byte)'+' or (byte)'-') return false;
        text = text[count..];
        return true;
    }
}
