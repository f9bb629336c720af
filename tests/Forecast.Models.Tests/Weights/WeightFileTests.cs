using System.Text;
using Forecast.Core;
using Forecast.Models.Tests.Weights.Support;
using Forecast.Models.Weights;

namespace Forecast.Models.Tests.Weights;

/// <summary>The one front: formats by content, folders, indexes, and memory that outlives the file.</summary>
public sealed class WeightFileTests : IDisposable
{
    private const string One = """{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}""";
    private const string Two = """{"b":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"unused":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""";
    private readonly string _folder = Directory.CreateTempSubdirectory("weights").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_content_decides_not_the_extension()
    {
        File.Copy(WeightFiles.At("module_state_dict.pth"), At("a.safetensors"));
        File.Copy(WeightFiles.Golden("mdn_b_lstm_3_gaussians.safetensors"), At("b.ckpt"));
        using var a = WeightFile.Open(At("a.safetensors"));
        using var b = WeightFile.Open(At("b.ckpt"));
        a.Format.ShouldBe(WeightFormat.Checkpoint);
        b.Format.ShouldBe(WeightFormat.Safetensors);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("GGUF\u0003\0\0\0", "GGUF files are not read")]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:00\n", "pointer of git-lfs")]
    [InlineData("\u0089HDF\r\n\u001a\n", "HDF5")]
    [InlineData("\u0080\u0002}.", "bare pickle")]
    [InlineData("some text that is no file of weights", "neither a safetensors file")]
    [InlineData("{}", "no 'weight_map'")]
    [InlineData("{\"weight_map\":{\"a\":\"x\"", "not valid JSON")]
    public void Other_files_are_told_apart(string content, string reason)
    {
        File.WriteAllBytes(At("file"), Encoding.Latin1.GetBytes(content));
        Should.Throw<ForecastException>(() => WeightFile.Open(At("file"))).Message.ShouldContain(reason);
    }

    [Fact]
    public void What_is_not_there_is_told()
    {
        Should.Throw<ForecastException>(() => WeightFile.Open(At("none"))).Message.ShouldBe($"there is no file '{At("none")}'");
        Should.Throw<ForecastException>(() => WeightFile.Open(_folder)).Message.ShouldContain("holds none of model.safetensors");
        Should.Throw<ForecastException>(() => WeightFile.Open("nul\0byte")).Code.ShouldBe("weights-unreadable");
    }

    [Fact]
    public void An_index_joins_the_files_beside_it()
    {
        WriteShards("""{"metadata":{"total_size":3},"weight_map":{"b":"model-2.safetensors","a":"model-1.safetensors"}}""");
        using var file = WeightFile.Open(_folder);
        file.Format.ShouldBe(WeightFormat.Sharded);
        file.Names.ShouldBe(["b", "a"]);
        file["a"].Bytes.ToArray().ShouldBe([1, 2]);
        file["b"].Bytes.ToArray().ShouldBe([3]);
    }

    [Theory]
    [InlineData("../model-1.safetensors")]
    [InlineData("/etc/passwd")]
    [InlineData("sub/model-1.safetensors")]
    [InlineData("sub\\\\model-1.safetensors")]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("")]
    [InlineData("C:model-1.safetensors")]
    [InlineData("model-1.safetensors\\u0000")]
    public void An_index_cannot_point_outside_its_folder(string shard)
    {
        WriteShards($$$"""{"weight_map":{"a":"{{{shard}}}"}}""");
        Should.Throw<ForecastException>(() => WeightFile.Open(_folder)).Message.ShouldContain("is no plain name of a file beside the index");
    }

    [Theory]
    [InlineData("""{"weight_map":{"c":"model-1.safetensors"}}""", "'c' should be in 'model-1.safetensors', but is not")]
    [InlineData("""{"weight_map":{"a":"model-9.safetensors"}}""", "there is no file")]
    [InlineData("""{"weight_map":{"a":"model.safetensors.index.json"}}""", "an index of weights cannot stand here")]
    [InlineData("""{"weight_map":{"a":1}}""", "gives 'a' no file name")]
    [InlineData("""{"weight_map":{"a":"model-1.safetensors","a":"model-2.safetensors"}}""", "not valid JSON")]
    [InlineData("""{"weight_map":[]}""", "no 'weight_map'")]
    public void A_wrong_index_is_told(string index, string reason)
    {
        WriteShards(index);
        Should.Throw<ForecastException>(() => WeightFile.Open(_folder)).Message.ShouldContain(reason);
    }

    [Fact]
    public unsafe void A_lease_keeps_the_memory_when_the_file_is_closed()
    {
        WriteShards("{}");
        var file = WeightFile.Open(At("model-1.safetensors"));
        var tensor = file["a"];
        using (var lease = tensor.Hold())
        {
            file.Dispose();
            file.Dispose();
            lease.Length.ShouldBe(2);
            new ReadOnlySpan<byte>((void*)lease.Address, 2).ToArray().ShouldBe([1, 2]);
        }

        Should.Throw<ObjectDisposedException>(() => tensor.Bytes.Length);
        Should.Throw<ObjectDisposedException>(tensor.Hold);
    }

    [Fact]
    public void A_mapped_file_is_viewed_in_place()
    {
        using var file = WeightFile.Open(WeightFiles.Golden("smetimes_a_llama.pth"));
        using var a = file[file.Names[0]].Hold();
        using var b = file[file.Names[0]].Hold();
        a.Address.ShouldBe(b.Address);
        (a.Address % 64).ShouldBe(0);  // PyTorch aligns its records, and the mapping keeps that
    }

    private void WriteShards(string index)
    {
        File.WriteAllBytes(At("model-1.safetensors"), WeightFiles.Safetensors(Encoding.UTF8.GetBytes(One), [1, 2]));
        File.WriteAllBytes(At("model-2.safetensors"), WeightFiles.Safetensors(Encoding.UTF8.GetBytes(Two), [3, 4]));
        File.WriteAllText(At("model.safetensors.index.json"), index);
    }

    private string At(string name) => Path.Combine(_folder, name);
}
