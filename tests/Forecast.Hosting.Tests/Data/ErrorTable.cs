using System.Globalization;
using System.Text.RegularExpressions;
using Forecast.Hosting.Data;

namespace Forecast.Hosting.Tests.Data;

/// <summary>The table of <c>docs/ERRORS.md</c> on reading data, row by row.</summary>
internal static partial class ErrorTable
{
    public static IReadOnlyList<Case> Read()
    {
        var lines = File.ReadLines(Path.Combine(Repository.Root, "docs", "ERRORS.md"))
            .SkipWhile(l => l != "## Reading data").Skip(1)
            .TakeWhile(l => !l.StartsWith("## ", StringComparison.Ordinal))
            .Where(l => l.StartsWith("| `", StringComparison.Ordinal));
        return [.. lines.Select(l => l.Split('|')).Select(c => new Case(Bare(c[1]), Bare(c[2]), Bare(c[3]), Bare(c[4]), Bare(c[5])))];
    }

    public static byte[] Bytes(string content)
    {
        if (Repeated().Match(content) is { Success: true } repeated)
        {
            var bytes = new byte[int.Parse(repeated.Groups["count"].Value, CultureInfo.InvariantCulture)];
            if (repeated.Groups["what"].Value == "letters a") Array.Fill(bytes, (byte)'a');
            return bytes;
        }

        var result = new List<byte>();
        for (var i = 0; i < content.Length; i++)
        {
            if (content[i] == '\\' && content[i + 1] == 'x')
            {
                result.Add(byte.Parse(content.AsSpan(i + 2, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                i += 3;
            }
            else if (content[i] == '\\')
            {
                content[i + 1].ShouldBe('n');
                result.Add((byte)'\n');
                i++;
            }
            else
            {
                result.Add((byte)content[i]);
            }
        }

        return [.. result];
    }

    private static string Bare(string cell)
    {
        var text = cell.Trim();
        return text.Length > 1 && text[0] == '`' && text[^1] == '`' ? text[1..^1] : text;
    }

    [GeneratedRegex("^(?<count>[0-9]+) (?<what>zero bytes|letters a)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Repeated();

    internal sealed record Case(string Code, string Arguments, string File, string Content, string Message)
    {
        public string Data => Arguments.Split(' ')[0];

        public DataOptions Options
        {
            get
            {
                var options = new DataOptions();
                var words = Arguments.Split(' ');
                for (var i = 1; i < words.Length; i += 2)
                {
                    var value = words[i + 1];
                    options = words[i] switch
                    {
                        "--frequency" => options with { Frequency = value },
                        "--zone" => options with { Zone = value },
                        "--time" => options with { TimeColumn = value },
                        "--past" => options with { Past = value.Split(',') },
                        "--future" => options with { Future = value.Split(',') },
                        "--returns" => options with { Returns = Enum.Parse<Returns>(value, ignoreCase: true) },
                        _ => throw new InvalidOperationException($"option {words[i]} in {Arguments}"),
                    };
                }

                return options;
            }
        }
    }
}
