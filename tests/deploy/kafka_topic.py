"""Reads and writes a topic of a running broker, with the librdkafka that is installed."""

import ctypes
import ctypes.util
from typing import NamedTuple

OFFSET_BEGINNING = -2
COPY_PAYLOAD = 2
PRODUCER, CONSUMER = 0, 1
PATIENCE_MS = 10_000


class message(ctypes.Structure):
    """rd_kafka_message_t."""
    _fields_ = [("err", ctypes.c_int), ("topic", ctypes.c_void_p), ("partition", ctypes.c_int32),
                ("payload", ctypes.c_void_p), ("len", ctypes.c_size_t), ("key", ctypes.c_void_p),
                ("key_len", ctypes.c_size_t), ("offset", ctypes.c_int64),
                ("private", ctypes.c_void_p)]


class broker_of_metadata(ctypes.Structure):
    """rd_kafka_metadata_broker_t."""
    _fields_ = [("id", ctypes.c_int32), ("host", ctypes.c_char_p), ("port", ctypes.c_int)]


class partition_of_metadata(ctypes.Structure):
    """rd_kafka_metadata_partition_t."""
    _fields_ = [("id", ctypes.c_int32), ("err", ctypes.c_int), ("leader", ctypes.c_int32),
                ("replica_cnt", ctypes.c_int), ("replicas", ctypes.POINTER(ctypes.c_int32)),
                ("isr_cnt", ctypes.c_int), ("isrs", ctypes.POINTER(ctypes.c_int32))]


class topic_of_metadata(ctypes.Structure):
    """rd_kafka_metadata_topic_t."""
    _fields_ = [("topic", ctypes.c_char_p), ("partition_cnt", ctypes.c_int),
                ("partitions", ctypes.POINTER(partition_of_metadata)), ("err", ctypes.c_int)]


class cluster_metadata(ctypes.Structure):
    """rd_kafka_metadata_t."""
    _fields_ = [("broker_cnt", ctypes.c_int), ("brokers", ctypes.POINTER(broker_of_metadata)),
                ("topic_cnt", ctypes.c_int), ("topics", ctypes.POINTER(topic_of_metadata))]


class replication(NamedTuple):
    """Of one partition."""
    leader: int
    replicas: int
    in_sync: int


def library():
    """The library with the signatures of what is used here; None where it is not installed."""
    name = ctypes.util.find_library("rdkafka")
    if name is None:
        return None
    rd = ctypes.CDLL(name)
    pointer, i32, i64 = ctypes.c_void_p, ctypes.c_int32, ctypes.c_int64
    text, size = ctypes.c_char_p, ctypes.c_size_t
    for function, result, arguments in [
            (rd.rd_kafka_conf_new, pointer, []),
            (rd.rd_kafka_conf_set, ctypes.c_int, [pointer, text, text, text, size]),
            (rd.rd_kafka_new, pointer, [ctypes.c_int, pointer, text, size]),
            (rd.rd_kafka_destroy, None, [pointer]),
            (rd.rd_kafka_topic_new, pointer, [pointer, text, pointer]),
            (rd.rd_kafka_topic_destroy, None, [pointer]),
            (rd.rd_kafka_produce, ctypes.c_int,
             [pointer, i32, ctypes.c_int, text, size, text, size, pointer]),
            (rd.rd_kafka_flush, ctypes.c_int, [pointer, ctypes.c_int]),
            (rd.rd_kafka_query_watermark_offsets, ctypes.c_int,
             [pointer, text, i32, ctypes.POINTER(i64), ctypes.POINTER(i64), ctypes.c_int]),
            (rd.rd_kafka_consume_start, ctypes.c_int, [pointer, i32, i64]),
            (rd.rd_kafka_consume_stop, ctypes.c_int, [pointer, i32]),
            (rd.rd_kafka_consume, ctypes.POINTER(message), [pointer, i32, ctypes.c_int]),
            (rd.rd_kafka_message_destroy, None, [ctypes.POINTER(message)]),
            (rd.rd_kafka_metadata, ctypes.c_int,
             [pointer, ctypes.c_int, pointer, ctypes.POINTER(ctypes.POINTER(cluster_metadata)),
              ctypes.c_int]),
            (rd.rd_kafka_metadata_destroy, None, [ctypes.POINTER(cluster_metadata)])]:
        function.restype, function.argtypes = result, arguments
    return rd


class topic:
    """One topic, for one `with` block."""

    def __init__(self, address: str, name: str, role: int):
        self.rd, self.name, self.why = library(), name.encode(), ctypes.create_string_buffer(512)
        conf = self.rd.rd_kafka_conf_new()
        self.rd.rd_kafka_conf_set(conf, b"bootstrap.servers", address.encode(), self.why, 512)
        # A broker that is away is no news here: what fails raises.
        self.rd.rd_kafka_conf_set(conf, b"log_level", b"2", self.why, 512)
        self.client = self.rd.rd_kafka_new(role, conf, self.why, 512)
        if not self.client:
            raise OSError(self.why.value.decode())
        self.handle = self.rd.rd_kafka_topic_new(self.client, self.name, None)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.rd.rd_kafka_topic_destroy(self.handle)
        self.rd.rd_kafka_destroy(self.client)

    def write(self, partition: int, key: bytes, value: bytes):
        refused = self.rd.rd_kafka_produce(self.handle, partition, COPY_PAYLOAD, value, len(value),
                                           key, len(key), None)
        if refused or self.rd.rd_kafka_flush(self.client, PATIENCE_MS):
            raise OSError(f"{self.name.decode()}: the broker took no record")

    def end_of(self, partition: int) -> int:
        low, high = ctypes.c_int64(), ctypes.c_int64()
        failed = self.rd.rd_kafka_query_watermark_offsets(
            self.client, self.name, partition, ctypes.byref(low), ctypes.byref(high), PATIENCE_MS)
        if failed:
            raise OSError(f"{self.name.decode()}[{partition}]: no offsets, error {failed}")
        return high.value

    def replication(self) -> dict[str, list[replication]]:
        """Of every topic of the cluster, by its name, as its brokers state it now."""
        found = ctypes.POINTER(cluster_metadata)()
        failed = self.rd.rd_kafka_metadata(self.client, 1, None, ctypes.byref(found), PATIENCE_MS)
        if failed:
            raise OSError(f"no metadata, error {failed}")
        topics = {
            each.topic.decode(): [replication(part.leader, part.replica_cnt, part.isr_cnt)
                                  for part in each.partitions[:each.partition_cnt]]
            for each in found.contents.topics[:found.contents.topic_cnt]}
        self.rd.rd_kafka_metadata_destroy(found)
        return topics

    def values(self, partition: int) -> list[bytes]:
        """Every record from the partition's first to its last of now."""
        end, found, offset = self.end_of(partition), [], -1
        if end == 0:
            return found
        self.rd.rd_kafka_consume_start(self.handle, partition, OFFSET_BEGINNING)
        while offset < end - 1:
            record = self.rd.rd_kafka_consume(self.handle, partition, PATIENCE_MS)
            if not record:
                raise OSError(f"{self.name.decode()}[{partition}]: silent at offset {offset}")
            if record.contents.err == 0:
                offset = record.contents.offset
                found.append(ctypes.string_at(record.contents.payload, record.contents.len))
            self.rd.rd_kafka_message_destroy(record)
        self.rd.rd_kafka_consume_stop(self.handle, partition)
        return found


def read_partitions(address: str, name: str, partitions: int) -> list[list[bytes]]:
    with topic(address, name, CONSUMER) as source:
        return [source.values(each) for each in range(partitions)]


def read_topic(address: str, name: str, partitions: int) -> list[bytes]:
    return [value for each in read_partitions(address, name, partitions) for value in each]


def replication_of_all(address: str) -> dict[str, list[replication]]:
    with topic(address, "__consumer_offsets", CONSUMER) as source:
        return source.replication()


def write_record(address: str, name: str, key: bytes, value: bytes):
    with topic(address, name, PRODUCER) as sink:
        sink.write(0, key, value)
