using TorchSharp;

namespace Forecast.Torch.Tests;

/// <summary>Our public surface is a strict subset of TorchSharp's: whatever it has, the official package has in the same words.</summary>
public class ApiSubsetTests
{
    private static readonly Lazy<Dictionary<string, (string Header, HashSet<string> Members)>> Listed = new(Read);

    [Fact]
    public void Every_public_type_and_member_is_in_the_list()
    {
        var strangers = new List<string>();
        foreach (var type in typeof(torch).Assembly.GetExportedTypes())
        {
            var name = ApiSurface.FullName(type);
            if (!Listed.Value.TryGetValue(name, out var block))
            {
                strangers.Add(name);
                continue;
            }

            strangers.AddRange(HeaderFaults(type, block.Header).Select(fault => $"{name}: {fault}"));
            strangers.AddRange(ApiSurface.Members(type).Where(member => !block.Members.Contains(member)).Select(member => $"{name}: {member}"));
        }

        strangers.ShouldBeEmpty($"{strangers.Count} public members are not TorchSharp's");
    }

    [Fact]
    public void The_list_is_read_in_full()
    {
        Listed.Value.Count.ShouldBeGreaterThan(300);
        Listed.Value["TorchSharp.torch.Tensor"].Members.ShouldContain("torch.Tensor matmul(torch.Tensor target)");
        Listed.Value["TorchSharp.torch.Tensor"].Members.Count.ShouldBeGreaterThan(800);
    }

    [Fact]
    public void The_test_sees_operators_indexers_fields_and_defaults()
    {
        var members = ApiSurface.Members(typeof(torch.Tensor)).ToHashSet(StringComparer.Ordinal);
        members.ShouldContain("static torch.Tensor op_Addition(torch.Tensor left, Double right)");
        members.ShouldContain("torch.Tensor TensorItems[Int64 i1, Int64 i2] { get; set; }");
        members.ShouldContain("virtual Void Finalize() [protected]");
        ApiSurface.Members(typeof(torch)).ShouldContain("static torch.Device CPU");
    }

    private static IEnumerable<string> HeaderFaults(Type type, string header)
    {
        var (parent, traits, interfaces) = ApiSurface.Header(type);
        var parts = Split(header, ' ');
        if (parts[0] != parent) yield return $"derives from {parent}, listed as {parts[0]}";
        var listedTraits = parts.Find(part => part.StartsWith('[')) ?? "";
        if (listedTraits != traits) yield return $"is {traits}, listed as {listedTraits}";
        if (type.IsEnum) yield break;
        var listed = Split(parts[^1], ',');
        foreach (var one in interfaces.Where(one => listed.Count < 4 && !listed.Contains(one))) yield return $"implements {one}";
    }

    /// <summary>Parts between separators that stand outside all brackets.</summary>
    private static List<string> Split(string text, char separator)
    {
        var parts = new List<string>();
        var depth = 0;
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is '<' or '(') depth++;
            if (text[i] is '>' or ')') depth--;
            if (text[i] != separator || depth > 0) continue;
            parts.Add(text[start..i]);
            start = i + 1;
        }

        parts.Add(text[start..]);
        return parts;
    }

    private static Dictionary<string, (string Header, HashSet<string> Members)> Read()
    {
        var blocks = new Dictionary<string, (string Header, HashSet<string> Members)>(StringComparer.Ordinal);
        HashSet<string>? members = null;
        foreach (var line in File.ReadLines(Repository.At("tests", "data", "torch", "api.txt")))
        {
            if (line.StartsWith("T ", StringComparison.Ordinal))
            {
                var colon = line.IndexOf(" : ", StringComparison.Ordinal);
                members = new(StringComparer.Ordinal);
                blocks.Add(line[2..colon], (line[(colon + 3)..], members));
            }
            else
            {
                members!.Add(line.Trim());
            }
        }

        return blocks;
    }
}
