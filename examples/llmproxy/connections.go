package main

import (
	"container/list"
	"net"
	"net/http"
	"sync"
)

// connections bound how many are open. When there are too many, the one that has done nothing for longest is closed to
// make room for the next: whoever opens connections and lets them lie keeps nobody out. It is safe for concurrent use.
type connections struct {
	max int

	mu    sync.Mutex
	open  int
	idle  *list.List // of net.Conn, the oldest first
	where map[net.Conn]*list.Element
}

func newConnections(n int) *connections {
	return &connections{max: n, idle: list.New(), where: map[net.Conn]*list.Element{}}
}

// state is the ConnState of a server. A connection on which no request has come yet counts as idle.
func (c *connections) state(conn net.Conn, s http.ConnState) {
	c.mu.Lock()
	var victim net.Conn
	switch s {
	case http.StateNew:
		if c.open++; c.open > c.max {
			victim = c.oldest()
		}
		c.lie(conn)
	case http.StateIdle:
		c.lie(conn)
	case http.StateActive:
		c.rise(conn)
	case http.StateClosed, http.StateHijacked:
		c.open--
		c.rise(conn)
	}
	c.mu.Unlock()
	if victim != nil {
		_ = victim.Close() // the server notices and reports it closed
	}
}

func (c *connections) oldest() net.Conn {
	e := c.idle.Front()
	if e == nil {
		return nil
	}
	conn := e.Value.(net.Conn)
	c.rise(conn)
	return conn
}

func (c *connections) lie(conn net.Conn) {
	c.rise(conn)
	c.where[conn] = c.idle.PushBack(conn)
}

func (c *connections) rise(conn net.Conn) {
	if e := c.where[conn]; e != nil {
		c.idle.Remove(e)
		delete(c.where, conn)
	}
}
