using System.Text.Json;
using Forecast.Core;
using Forecast.Models.Tests.Weights.Support;
using Forecast.Models.Weights;

namespace Forecast.Models.Tests.Weights;

/// <summary>Checkpoints that PyTorch wrote, against what PyTorch has in them.</summary>
public sealed class CheckpointTests
{
    private static readonly JsonElement Expected = JsonDocument.Parse(File.ReadAllText(WeightFiles.At("expected.json"))).RootElement;

    [Theory]
    [InlineData("types_protocol_2.pt", "")]
    [InlineData("types_protocol_3.pt", "")]
    [InlineData("types_protocol_4.pt", "")]
    [InlineData("types_protocol_5.pt", "")]
    [InlineData("module_state_dict.pth", "module:")]
    public void Every_tensor_is_as_PyTorch_has_it(string name, string prefix)
    {
        using var file = WeightFile.Open(WeightFiles.At(name));
        var wanted = Expected.EnumerateObject().Where(p => prefix.Length > 0 ? p.Name.StartsWith(prefix, StringComparison.Ordinal) : !p.Name.Contains(':', StringComparison.Ordinal)).ToList();
        file.Names.ShouldBe(wanted.Select(p => p.Name[prefix.Length..]));
        foreach (var p in wanted)
        {
            var tensor = file[p.Name[prefix.Length..]];
            tensor.Type.Name().ShouldBe(p.Value.GetProperty("type").GetString(), p.Name);
            tensor.Shape.ShouldBe(p.Value.GetProperty("shape").EnumerateArray().Select(s => s.GetInt64()), p.Name);
            tensor.Strides.ShouldBe(p.Value.GetProperty("strides").EnumerateArray().Select(s => s.GetInt64()), p.Name);
            var bytes = new byte[tensor.ByteLength];
            tensor.CopyTo(bytes);
            Convert.ToHexStringLower(bytes).ShouldBe(p.Value.GetProperty("bytes").GetString(), p.Name);
        }
    }

    [Fact]
    public void A_strided_view_is_copied_not_viewed()
    {
        using var file = WeightFile.Open(WeightFiles.At("types_protocol_2.pt"));
        file["transposed"].IsContiguous.ShouldBeFalse();
        Should.Throw<ForecastException>(() => file["transposed"].Bytes.Length).Message.ShouldContain("'transposed' is a strided view; copy it instead");
        Should.Throw<ForecastException>(() => file["transposed"].Hold()).Code.ShouldBe("weights-unsupported");
        file["second_half"].IsContiguous.ShouldBeTrue();
        file["plain"].ToArray<float>()[^1].ShouldBe(23f);
    }

    [Fact]
    public void What_a_Lightning_file_says_beside_weights_is_JSON()
    {
        using var file = WeightFile.Open(WeightFiles.At("lightning_like.ckpt"));
        file.Names.ShouldContain("1.running_mean");
        file.Metadata.Keys.ShouldBe(["epoch", "global_step", "optimizer_states", "hyper_parameters"], ignoreOrder: true);
        file.Metadata["global_step"].ShouldBe("12345678901");
        using var json = JsonDocument.Parse(file.Metadata["hyper_parameters"]);
        var said = json.RootElement;
        said.GetProperty("name").GetString().ShouldBe("größe");
        said.GetProperty("widths").GetRawText().ShouldBe("[3,2]");
        said.GetProperty("rate").GetDouble().ShouldBe(1e-3);
        said.GetProperty("pair").GetRawText().ShouldBe("[1,null]");
        said.GetProperty("flags").GetArrayLength().ShouldBe(2);
        said.GetProperty("raw").GetBytesFromBase64().ShouldBe([0, 255]);
        said.GetProperty("type").GetString().ShouldBe("torch.float32");
        said.GetProperty("size").GetRawText().ShouldBe("[2,3]");
        said.GetProperty("infinite").GetString().ShouldBe("Infinity");
        said.GetProperty("where").GetProperty("class").GetString().ShouldBe("pathlib.PurePosixPath");
        said.GetProperty("arguments").GetProperty("state").GetProperty("layers").GetInt32().ShouldBe(2);
        said.GetProperty("counts").GetProperty("a").GetInt32().ShouldBe(2);
        said.GetProperty("lists").GetRawText().ShouldBe("""{"a":[1]}""");
        file.Metadata["optimizer_states"].ShouldContain("""{"tensor":"F32 [2, 3]"}""");
    }

    [Fact]
    public void A_whole_module_and_an_old_format_are_refused_with_what_to_do()
    {
        var whole = Should.Throw<ForecastException>(() => WeightFile.Open(WeightFiles.At("whole_module.pt")));
        whole.Message.ShouldBe("whole_module.pt: its pickle asks for 'torch.nn.modules.container.Sequential', which is not on the list of names that weights need, as files of whole modules do; save the module's state_dict instead; nothing in it was run");
        whole.Field.ShouldBe("torch.nn.modules.container.Sequential");
        Should.Throw<ForecastException>(() => WeightFile.Open(WeightFiles.At("legacy.pt"))).Message.ShouldBe("legacy.pt: this is a bare pickle, PyTorch's format before version 1.6; load it in PyTorch and save it again");
    }

    [Fact]
    public void Storages_of_bytes_and_of_newer_types_are_read()
    {
        var pickle = PickleBytes.Of(p => p.Op("}").Text("t").Global("torch._utils", "_rebuild_tensor_v3").Op("(").Storage("UntypedStorage", "0", 16)
            .Int(1).Op("(").Int(3).Op("t(").Int(2).Op("t").Raw(0x89).Op("}").Global("torch", "uint16").Op("tRs"));
        using var file = WeightFile.Read("file", WeightFiles.Checkpoint(pickle));
        file["t"].Type.ShouldBe(WeightType.U16);
        file["t"].ToArray<ushort>().ShouldBe([(ushort)0x0302, (ushort)0x0706, (ushort)0x0b0a]);
    }

    [Fact]
    public void Another_byte_order_is_refused() =>
        WeightFiles.Refusal(WeightFiles.Checkpoint(PickleBytes.Of(p => p.Op("}")), "big")).Message.ShouldContain("byte order 'big'");

    [Fact]
    public void A_checkpoint_without_tensors_is_told() =>
        WeightFiles.Refusal(WeightFiles.Checkpoint(PickleBytes.Of(p => p.Op("}").Text("epoch").Int(3).Op("s")))).Message.ShouldContain("holds no state dict");

    [Fact]
    public void Damaged_values_are_noticed_when_they_are_read()
    {
        var bytes = File.ReadAllBytes(WeightFiles.At("module_state_dict.pth"));
        using var sound = WeightFile.Read("file", bytes);
        var value = sound["0.weight"].Bytes.ToArray();
        bytes[bytes.AsSpan().IndexOf(value) + 5] ^= 1;
        using var damaged = WeightFile.Read("file", bytes);
        Should.Throw<ForecastException>(() => damaged["0.weight"].Bytes.Length).Message.ShouldContain("is damaged: its checksum is");
        damaged["0.bias"].Bytes.ToArray().ShouldBe(sound["0.bias"].Bytes.ToArray());
    }
}
