using Forecast.Models.Weights;

namespace Forecast.Models.Tests.Weights;

/// <summary>Golden files against their lists of names and shapes, and checkpoints against their safetensors twins.</summary>
public sealed class GoldenWeightTests
{
    private const string NoFolder = "FORECAST_GOLDEN_DIR is not set";

    public static TheoryData<string> Checkpoints => [.. GoldenFiles.All("*.pth").Concat(GoldenFiles.All("*.ckpt")).Where(f => File.Exists(Twin(f)))];

    /// <summary>The trainable weights of the twin, bit for bit; the twin of a TiRex file lacks the prefix that its loader removes.</summary>
    [Theory]
    [MemberData(nameof(Checkpoints))]
    public void A_checkpoint_equals_its_safetensors_twin(string path)
    {
        using var checkpoint = WeightFile.Open(path);
        using var twin = WeightFile.Open(Twin(path));
        foreach (var name in checkpoint.Names)
        {
            var (a, b) = (checkpoint[name], twin[name.Replace("block_stack.", "", StringComparison.Ordinal)]);
            a.Type.ShouldBe(b.Type, name);
            a.Shape.ShouldBe(b.Shape, name);
            var dense = new byte[a.ByteLength];
            a.CopyTo(dense);
            dense.AsSpan().SequenceEqual(b.Bytes).ShouldBeTrue(name);
        }

        checkpoint.Names.Count.ShouldBeGreaterThan(10);
    }

    [Fact]
    public void The_Lightning_container_gives_its_hyper_parameters()
    {
        using var file = WeightFile.Open(Support.WeightFiles.Golden("tirex_b_two_heads.ckpt"));
        file.Format.ShouldBe(WeightFormat.Checkpoint);
        file.Names.Count(n => n.StartsWith("block_stack.blocks.1.", StringComparison.Ordinal)).ShouldBeGreaterThan(10);
        file.Metadata.Keys.ShouldContain("optimizer_states");
        file.Metadata.Keys.ShouldNotContain("state_dict");
        file.Metadata["hyper_parameters"].ShouldContain("\"num_heads\":2");
        file.Metadata["hyper_parameters"].ShouldContain("\"train_ctx_len\":");
    }

    [Fact]
    public void Every_tensor_of_the_index_is_found()
    {
        Assert.SkipWhen(GoldenFiles.Folder is null, NoFolder);
        var rows = File.ReadLines(Path.Combine(GoldenFiles.Folder, "INDEX.tsv")).Skip(1).Select(l => l.Split('\t')).ToList();
        foreach (var group in rows.GroupBy(r => r[0], StringComparer.Ordinal))
        {
            using var file = WeightFile.Open(Path.Combine(GoldenFiles.Folder, group.Key));
            file.Names.ShouldBe(group.Select(r => r[1]), ignoreOrder: true);
            foreach (var row in group)
            {
                var tensor = file[row[1]];
                tensor.Type.Name().ShouldBe(row[2], row[1]);
                tensor.Shape.ShouldBe((IEnumerable<long>)Shape(row[3]), row[1]);
                tensor.Bytes.Length.ShouldBe((int)tensor.ByteLength);
            }
        }

        rows.Count.ShouldBeGreaterThan(1000);
    }

    [Fact]
    public void Published_key_lists_are_met()
    {
        Assert.SkipWhen(GoldenFiles.Folder is null, NoFolder);
        var ttm = Keys("keys_ttm_512_96.tsv");
        ttm.Count.ShouldBe(134);
        using (var small = WeightFile.Open(Path.Combine(GoldenFiles.Folder, "ttm_a_r1_layout.safetensors")))
            small.Names.Where(n => !IsGolden(n)).ShouldBe(ttm.Keys, ignoreOrder: true);
        var real = Path.Combine(GoldenFiles.Folder, "..", "pretrained", "ttm-512-96-r2-recovered");
        if (Directory.Exists(real))
        {
            using var whole = WeightFile.Open(real);
            whole.Names.ToDictionary(n => n, n => string.Join('x', whole[n].Shape)).ShouldBe(ttm, ignoreOrder: true);
        }

        var tirex = Keys("keys_tirex_35m.tsv");
        using var checkpoint = WeightFile.Open(Path.Combine(GoldenFiles.Folder, "tirex_b_two_heads.ckpt"));
        checkpoint.Names.ShouldBe(tirex.Keys.Where(k => !k.StartsWith("block_stack.blocks.", StringComparison.Ordinal) || k.Split('.')[2] is "0" or "1"), ignoreOrder: true);
        checkpoint.Names.ShouldAllBe(n => checkpoint[n].Shape.Length == tirex[n].Split('x').Length);
    }

    private static string Twin(string checkpoint) => Path.ChangeExtension(checkpoint, ".safetensors");

    private static bool IsGolden(string name) => name.StartsWith("golden.", StringComparison.Ordinal);

    private static Dictionary<string, string> Keys(string file) =>
        File.ReadLines(Path.Combine(GoldenFiles.Folder!, file)).Where(l => !l.StartsWith('#')).Select(l => l.Split('\t')).ToDictionary(p => p[0], p => p[1]);

    private static long[] Shape(string text) => text is "scalar" ? [] : [.. text.Split('x').Select(long.Parse)];
}
