using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Forecast.Cli.Tests.Errors;

/// <summary>A row of <c>docs/ERRORS.md</c>.</summary>
internal sealed record ErrorRow(string Code, IReadOnlyList<string> Arguments, string File, byte[] Content, string Message);

/// <summary>Reads the tables of <c>docs/ERRORS.md</c> as commands to be run.</summary>
internal static partial class ErrorTable
{
    public static IReadOnlyList<ErrorRow> Read()
    {
        var lines = File.ReadAllLines(Repository.At("docs", "ERRORS.md"));
        var rows = new List<ErrorRow>();
        var section = "";
        foreach (var line in lines)
        {
            if (line.StartsWith("## ", StringComparison.Ordinal)) section = line[3..];
            if (!line.StartsWith("| `", StringComparison.Ordinal)) continue;
            var cells = Bar().Split(line).Select(Bare).ToArray();
            IReadOnlyList<string> words = Words(cells[2]);
            rows.Add(new ErrorRow(cells[1], section is "Reading data" ? ["predict", .. words, "--model", "naive", "--horizon", "1"] : words, cells[3], Bytes(cells[4]), cells[5]));
        }

        return rows;
    }

    private static string Bare(string cell)
    {
        var text = cell.Trim().Replace("\\|", "|", StringComparison.Ordinal);
        return text.Length > 1 && text[0] == '`' && text[^1] == '`' ? text[1..^1] : text;
    }

    /// <summary>Splits as a shell does at spaces outside double quotes.</summary>
    private static List<string> Words(string command) =>
        [.. Word().Matches(command).Select(m => m.Value.Replace("\"", "", StringComparison.Ordinal))];

    private static byte[] Bytes(string content)
    {
        if (Repeated().Match(content) is { Success: true } repeated)
        {
            var filled = new byte[int.Parse(repeated.Groups["count"].Value, CultureInfo.InvariantCulture)];
            if (repeated.Groups["what"].Value is "letters a") Array.Fill(filled, (byte)'a');
            return filled;
        }

        using var bytes = new MemoryStream();
        for (var i = 0; i < content.Length; i++)
        {
            if (content[i] == '\\' && content[i + 1] == 'x')
            {
                bytes.WriteByte(byte.Parse(content.AsSpan(i + 2, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                i += 3;
            }
            else if (content[i] == '\\' && content[i + 1] == 'n')
            {
                bytes.WriteByte((byte)'\n');
                i++;
            }
            else
            {
                bytes.Write(Encoding.UTF8.GetBytes(content, i, 1));
            }
        }

        return bytes.ToArray();
    }

    [GeneratedRegex(@"(?<!\\)\|", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Bar();

    [GeneratedRegex("(\"[^\"]*\"|[^\\s\"])+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Word();

    [GeneratedRegex("^(?<count>[0-9]+) (?<what>zero bytes|letters a)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Repeated();
}
