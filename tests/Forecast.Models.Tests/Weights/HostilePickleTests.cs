using System.Diagnostics;
using Forecast.Core;
using Forecast.Models.Tests.Weights.Support;

namespace Forecast.Models.Tests.Weights;

/// <summary>Pickles that would do harm, claim what they have not, or grow without end: each is refused, with its reason.</summary>
public sealed class HostilePickleTests
{
    private static readonly Dictionary<string, (Action<PickleBytes> Body, string Reason)> Attacks = new(StringComparer.Ordinal)
    {
        ["a shell command"] = (p => p.Global("os", "system").Text("touch /tmp/owned").Raw(0x85).Op("R"), "asks for 'os.system'"),
        ["a shell command by its other name"] = (p => p.Global("posix", "system").Text("true").Raw(0x85).Op("R"), "asks for 'posix.system'"),
        ["eval"] = (p => p.Global("builtins", "eval").Text("1+1").Raw(0x85).Op("R"), "asks for 'builtins.eval'"),
        ["exec under its Python 2 name"] = (p => p.Global("__builtin__", "exec").Text("1").Raw(0x85).Op("R"), "asks for '__builtin__.exec'"),
        ["getattr"] = (p => p.Global("builtins", "getattr").Op("("), "asks for 'builtins.getattr'"),
        ["a name from the stack"] = (p => p.Text("os").Text("system").Raw(0x93).Text("true").Raw(0x85).Op("R"), "asks for 'os.system'"),
        ["a name that is no text"] = (p => p.Int(1).Int(2).Raw(0x93), "whose name is no text"),
        ["a dotted name"] = (p => p.Text("torch").Text("_utils.os.system").Raw(0x93), "asks for 'torch._utils.os.system'"),
        ["a name that is merely mentioned"] = (p => p.Global("subprocess", "Popen").Op("0}"), "asks for 'subprocess.Popen'"),
        ["an old-style instance"] = (p => p.Op("(").Text("true").Op("ios\nsystem\n"), "asks for 'os.system'"),
        ["an old-style instance of an allowed name"] = (p => p.Op("(icollections\nOrderedDict\n"), "instruction of protocol 0"),
        ["an object of protocol 1"] = (p => p.Op("(").Global("collections", "OrderedDict").Op("o"), "instruction of protocol 1"),
        ["torch's own loader"] = (p => p.Global("torch.storage", "_load_from_bytes").Op("(CB\0t"), "asks for 'torch.storage._load_from_bytes'"),
        ["importlib"] = (p => p.Global("importlib", "import_module"), "asks for 'importlib.import_module'"),
        ["a numpy array"] = (p => p.Global("numpy.core.multiarray", "_reconstruct"), "asks for 'numpy.core.multiarray._reconstruct'"),
        ["a nested call"] = (p => p.Global("collections", "OrderedDict").Op(")R)R"), "calls something that is no global"),
        ["a nested call through an allowed class"] = (p => p.Global("torch", "device").Text("cpu").Raw(0x85).Op("R").Text("x").Raw(0x85).Op("R"), "calls something that is no global"),
        ["a call of a type"] = (p => p.Global("torch", "float32").Op(")R"), "calls 'torch.float32', which is a value"),
        ["a call of a storage class"] = (p => p.Global("torch", "FloatStorage").Long(1L << 40).Raw(0x85).Op("R"), "calls 'torch.FloatStorage', which is a value"),
        ["a call of int"] = (p => p.Global("builtins", "int").Text("9").Raw(0x85).Op("R"), "calls 'builtins.int', which is a value"),
        ["arguments that are no tuple"] = (p => p.Global("collections", "OrderedDict").Op("]R"), "arguments are no tuple"),
        ["a state for a list"] = (p => p.Op("]}b"), "state to a value that takes none"),
        ["a state for a function"] = (p => p.Global("torch._utils", "_rebuild_tensor_v2").Op("}b"), "state to a value that takes none"),
        ["the extension registry"] = (p => p.Raw(0x82, 1), "extension registry"),
        ["buffers outside"] = (p => p.Raw(0x97), "buffers outside it"),
        ["a persistent id of another kind"] = (p => p.Text("/etc/passwd").Op("Q"), "no storage"),
        ["a storage named by a path"] = (p => p.Storage("FloatStorage", "../../../etc/passwd", 4), "no storage '../../../etc/passwd'"),
        ["a storage of a class that is none"] = (p => p.Op("(").Text("storage").Global("collections", "OrderedDict").Text("0").Text("cpu").Int(4).Op("tQ"), "no storage"),
        ["a text of 4 GiB"] = (p => p.Op("X").U32(uint.MaxValue), "claims 4294967295 bytes"),
        ["a text of 2^63 bytes"] = (p => p.Raw(0x8d, 0, 0, 0, 0, 0, 0, 0, 0x80), "claims 9223372036854775808 bytes"),
        ["bytes of 4 GiB"] = (p => p.Op("B").U32(uint.MaxValue), "claims 4294967295 bytes"),
        ["a byte array of 2^62 bytes"] = (p => p.Raw(0x96, 0, 0, 0, 0, 0, 0, 0, 0x40), "claims 4611686018427387904 bytes"),
        ["a number of 4 GiB"] = (p => p.Raw(0x8b).U32(uint.MaxValue), "a whole number of 4294967295 bytes"),
        ["a frame of 4 GiB"] = (p => p.Raw(0x95, 0, 0, 0, 0, 1, 0, 0, 0), "a frame of 4294967296 bytes"),
        ["a storage of 4 GiB"] = (p => p.Storage("FloatStorage", "0", 1L << 30), "should have 4294967296 bytes, but has 16"),
        ["a storage whose size overflows"] = (p => p.Storage("DoubleStorage", "0", long.MaxValue), "but has 16"),
        ["a storage of negative size"] = (p => p.Storage("FloatStorage", "0", -4), "no storage"),
        ["a tensor beyond its storage"] = (p => p.Tensor(4, 0, [5], [1]), "reaches element 4 of a storage of 4"),
        ["a tensor that begins beyond its storage"] = (p => p.Tensor(4, 4, [1], [1]), "reaches element 4 of a storage of 4"),
        ["a tensor whose reach overflows"] = (p => p.Tensor(4, 0, [3], [long.MaxValue]), "reaches element"),
        ["a tensor before its storage"] = (p => p.Tensor(4, -1, [2], [1]), "offset -1"),
        ["negative strides"] = (p => p.Tensor(4, 3, [4], [-1]), "strides [-1]"),
        ["more strides than sizes"] = (p => p.Tensor(4, 0, [2], [1, 1]), "strides [1, 1]"),
        ["a negative size"] = (p => p.Tensor(4, 0, [-1], [1]), "negative size -1"),
        ["a size that overflows"] = (p => p.Tensor(4, 0, [long.MaxValue, 2], [0, 0]), "more elements than can be counted"),
        ["one value repeated to 4 TiB"] = (p => p.Tensor(4, 0, [1L << 20, 1L << 20], [0, 0]), "claims 4398046511104 bytes"),
        ["too many dimensions"] = (p => p.Tensor(4, 0, new long[65], new long[65]), "arguments that make no sense"),
        ["itself in a list"] = (p => p.Op("]q\0h\0a"), "contains itself"),
        ["itself in a dictionary"] = (p => p.Op("}q\0").Text("k").Op("h\0s"), "contains itself"),
        ["itself as a state"] = (p => p.Op("}q\0h\0b"), "contains itself"),
        ["itself through a tuple"] = (p => p.Op("]q\0h\0").Raw(0x85).Op("a"), "contains itself"),
        ["deep nesting"] = (p => p.Repeat(100_000, q => q.Op("]")).Repeat(99_999, q => q.Op("a")), "more than 64 deep"),
        ["deep tuples"] = (p => p.Op(")").Repeat(100_000, q => q.Raw(0x85)), "more than 64 deep"),
        ["open groups without end"] = (p => p.Repeat(100_000, q => q.Op("(")), "more than 10000 groups"),
        ["a memo bomb"] = (p => p.Text("ha").Raw(0x85).Repeat(60, q => q.Op("22").Raw(0x87)), "repeats values so often"),
        ["copies of copies"] = (p => p.Op("](").Repeat(1000, q => q.Op("N")).Op("eq\0").Repeat(10_000, q => q.Global("builtins", "list").Op("h\0").Raw(0x85).Op("R0")), "more than 4000000 objects"),
        ["a long text encoded again and again"] = (p => p.Text(new string('x', 1 << 20)).Op("q\00").Text("latin1").Op("q\u00010")
            .Repeat(300, q => q.Global("_codecs", "encode").Op("h\0h\u0001").Raw(0x86).Op("R0")), "bytes of text"),
        ["another encoding"] = (p => p.Global("_codecs", "encode").Text("x").Text("rot13").Raw(0x86).Op("R"), "'_codecs.encode' with arguments that make no sense"),
        ["a list as a key"] = (p => p.Op("}]Ns"), "dictionary key that is neither a text nor a number, but a list"),
        ["a long key"] = (p => p.Op("}").Text(new string('k', 2000)).Op("Ns"), "key of more than 1024 characters"),
        ["nested tuples as a key"] = (p => p.Op("}").Int(1).Raw(0x85, 0x85).Op("Ns"), "key of nested tuples"),
        ["a key without a value"] = (p => p.Op("}(NNNu"), "a key without a value"),
        ["nothing to take"] = (p => p.Op("0"), "takes a value where there is none"),
        ["what lies before the group"] = (p => p.Op("N(0000"), "takes a value where there is none"),
        ["a group that was never opened"] = (p => p.Op("Nt"), "closes a group that it never opened"),
        ["a memory that was never made"] = (p => p.Op("h\u0005"), "recalls number 5"),
        ["a far memory"] = (p => p.Op("j").U32(uint.MaxValue), "recalls number 4294967295"),
        ["additions to a number"] = (p => p.Op("NNa"), "adds to something that is not a list"),
        ["two results"] = (p => p.Op("NN"), "leaves 2 values instead of one"),
        ["an instruction of protocol 0"] = (p => p.Op("S'x'\n"), "instruction 0x53"),
        ["a later protocol"] = (p => p.Raw(0x80, 6), "protocol 6"),
        ["half a surrogate pair"] = (p => p.Op("X").U32(3).Raw(0xed, 0xa0, 0x80), "not valid UTF-8"),
        ["a name without end"] = (p => p.Op("c" + new string('a', 1000)), "longer than 256 characters"),
        ["something behind the end"] = (p => p.Op("N.N"), "followed by 2 bytes"),
    };

    public static TheoryData<string> Names => [.. Attacks.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void An_attack_is_refused_with_its_reason(string name)
    {
        var watch = Stopwatch.StartNew();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = WeightFiles.PickleRefusal(Attacks[name].Body);
        error.Message.ShouldContain(Attacks[name].Reason);
        error.Code.ShouldBeOneOf("pickle-refused", "weights-invalid", "weights-unsupported");
        if (error.Code == "pickle-refused") error.Message.ShouldEndWith("; nothing in it was run");
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10));
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1L << 30);
    }

    [Fact]
    public void Pickles_of_protocols_0_and_1_are_refused_by_the_name_they_ask_for() =>
        WeightFiles.Refusal(WeightFiles.Checkpoint([.. "cos\nsystem\n(S'true'\ntR."u8])).Message.ShouldContain("'os.system'");

    [Fact]
    public void A_pickle_without_end_is_refused() =>
        WeightFiles.Refusal(WeightFiles.Checkpoint([0x80, 2, (byte)'N'])).Message.ShouldContain("ends before its last instruction");

    [Fact]
    public void Millions_of_dictionaries_are_refused_before_they_are_made()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        ForecastException error = WeightFiles.PickleRefusal(p => p.Raw([.. Enumerable.Repeat((byte)'}', 8_000_000)]));
        error.Message.ShouldContain("more than 4000000 objects");
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(400L << 20);
    }
}
