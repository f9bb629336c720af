using System.Globalization;
using System.Reflection;
using System.Text;

namespace Forecast.Models.Language.Tokens;

/// <summary>
/// The four normalisation forms of Unicode (UAX 15). <c>string.Normalize</c> leaves all but ASCII alone where a process runs with
/// invariant globalisation, as this platform does.
/// </summary>
internal static class UnicodeForm
{
    private const int HangulFirst = 0xAC00;
    private const int LeadFirst = 0x1100;
    private const int VowelFirst = 0x1161;
    private const int TailFirst = 0x11A7;
    private const int Leads = 19;
    private const int Vowels = 21;
    private const int Tails = 28;

    private static readonly Lazy<Table> Data = new(Read);

    /// <param name="text">Any text; lone surrogates read as U+FFFD.</param>
    /// <param name="form">C and KC compose again; KC and KD take apart what only looks alike as well.</param>
    public static string Apply(string text, NormalizationForm form)
    {
        if (Ascii.IsValid(text)) return text;
        var table = Data.Value;
        var compatible = form is NormalizationForm.FormKC or NormalizationForm.FormKD;
        var points = new List<int>(text.Length);
        foreach (var rune in text.EnumerateRunes()) Decompose(rune.Value, compatible, table, points);
        Order(points, table);
        if (form is NormalizationForm.FormC or NormalizationForm.FormKC) Compose(points, table);
        var result = new StringBuilder(text.Length);
        foreach (var point in points) result.Append(char.ConvertFromUtf32(point));
        return result.ToString();
    }

    private static void Decompose(int point, bool compatible, Table table, List<int> points)
    {
        if (point - HangulFirst is >= 0 and < Leads * Vowels * Tails and var syllable)
        {
            points.Add(LeadFirst + (syllable / (Vowels * Tails)));
            points.Add(VowelFirst + (syllable % (Vowels * Tails) / Tails));
            if (syllable % Tails > 0) points.Add(TailFirst + (syllable % Tails));
        }
        else if (table.Parts.TryGetValue(point, out var parts) && (compatible || !parts.Compatible))
        {
            foreach (var part in parts.Points) Decompose(part, compatible, table, points);
        }
        else
        {
            points.Add(point);
        }
    }

    /// <summary>Marks behind a character stand in the order of their classes, those of one class as they came.</summary>
    private static void Order(List<int> points, Table table)
    {
        for (var i = 1; i < points.Count; i++)
        {
            var (point, own) = (points[i], table.ClassOf(points[i]));
            var to = i;
            while (own > 0 && to > 0 && table.ClassOf(points[to - 1]) > own)
            {
                points[to] = points[to - 1];
                to--;
            }

            points[to] = point;
        }
    }

    /// <summary>A mark joins the character before it unless one of the same or a higher class stands between.</summary>
    private static void Compose(List<int> points, Table table)
    {
        var (start, kept, between) = (-1, 0, -1);
        for (var i = 0; i < points.Count; i++)
        {
            var (point, own) = (points[i], table.ClassOf(points[i]));
            if (start >= 0 && between < own && Joined(points[start], point, table) is { } joined)
            {
                points[start] = joined;
                continue;
            }

            if (own == 0) (start, between) = (kept, -1);
            else between = own;
            points[kept++] = point;
        }

        points.RemoveRange(kept, points.Count - kept);
    }

    private static int? Joined(int first, int second, Table table)
    {
        if (first - LeadFirst is >= 0 and < Leads and var lead && second - VowelFirst is >= 0 and < Vowels and var vowel) return HangulFirst + (((lead * Vowels) + vowel) * Tails);
        if (first - HangulFirst is >= 0 and < Leads * Vowels * Tails and var syllable && syllable % Tails == 0 && second - TailFirst is > 0 and < Tails and var tail) return first + tail;
        return table.Joins.TryGetValue((first, second), out var joined) ? joined : null;
    }

    private static Table Read()
    {
        var table = new Table([], [], []);
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("unicode-forms.txt") ?? throw new InvalidOperationException("The table of Unicode forms is not in this assembly.");
        using var reader = new StreamReader(stream, Encoding.ASCII);
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#')) continue;
            var fields = line.Split(' ');
            var point = Hex(fields[0]);
            if (fields[1] is not "0") table.Classes[point] = byte.Parse(fields[1], CultureInfo.InvariantCulture);
            if (fields.Length < 4) continue;
            int[] parts = [.. fields[3..].Select(Hex)];
            table.Parts[point] = (parts, fields[2] is "k");
            if (fields[2] is "c") table.Joins[(parts[0], parts[1])] = point;
        }

        return table;

        static int Hex(string text) => int.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }

    private sealed record Table(Dictionary<int, byte> Classes, Dictionary<int, (int[] Points, bool Compatible)> Parts, Dictionary<(int First, int Second), int> Joins)
    {
        public int ClassOf(int point) => Classes.GetValueOrDefault(point);
    }
}
